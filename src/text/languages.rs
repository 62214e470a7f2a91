//! Names of languages: what users may write, and the one code that it stands for.
//!
//! A language without rules of its own is fine; a name that is none is an error, so that a slip
//! does not pass as "no rules". What a language changes is decided elsewhere.

use crate::error::{Error, Result};

/// Two-letter code (ISO 639-1), other codes (ISO 639-2 and 639-3) and English names of each language.
const TWO_LETTERS: &str = "\
aa,aar,afar
ab,abk,abkhazian
ae,ave,avestan
af,afr,afrikaans
ak,aka,akan
am,amh,amharic
an,arg,aragonese
ar,ara,arabic,arb
as,asm,assamese
av,ava,avaric
ay,aym,aymara
az,aze,azerbaijani,azeri,azj
ba,bak,bashkir
be,bel,belarusian
bg,bul,bulgarian
bh,bih,bihari languages
bi,bis,bislama
bm,bam,bambara
bn,ben,bengali,bangla
bo,bod,tib,tibetan
br,bre,breton
bs,bos,bosnian
ca,cat,catalan,valencian
ce,che,chechen
ch,cha,chamorro
co,cos,corsican
cr,cre,cree
cs,ces,cze,czech
cu,chu,church slavic,old slavonic,church slavonic,old bulgarian,old church slavonic
cv,chv,chuvash
cy,cym,wel,welsh
da,dan,danish
de,deu,ger,german
dv,div,divehi,dhivehi,maldivian
dz,dzo,dzongkha
ee,ewe
el,ell,gre,greek
en,eng,english
eo,epo,esperanto
es,spa,spanish,castilian
et,est,estonian,ekk
eu,eus,baq,basque
fa,fas,per,persian,farsi,pes
ff,ful,fulah
fi,fin,finnish
fj,fij,fijian
fo,fao,faroese
fr,fra,fre,french
fy,fry,western frisian
ga,gle,irish
gd,gla,gaelic,scottish gaelic
gl,glg,galician
gn,grn,guarani
gu,guj,gujarati
gv,glv,manx
ha,hau,hausa
he,heb,hebrew,iw
hi,hin,hindi
ho,hmo,hiri motu
hr,hrv,croatian
ht,hat,haitian,haitian creole
hu,hun,hungarian
hy,hye,arm,armenian
hz,her,herero
ia,ina,interlingua
id,ind,indonesian,in
ie,ile,interlingue,occidental
ig,ibo,igbo
ii,iii,sichuan yi,nuosu
ik,ipk,inupiaq
io,ido
is,isl,ice,icelandic
it,ita,italian
iu,iku,inuktitut
ja,jpn,japanese
jv,jav,javanese,jw
ka,kat,geo,georgian
kg,kon,kongo
ki,kik,kikuyu,gikuyu
kj,kua,kuanyama,kwanyama
kk,kaz,kazakh
kl,kal,kalaallisut,greenlandic
km,khm,central khmer,khmer
kn,kan,kannada
ko,kor,korean
kr,kau,kanuri
ks,kas,kashmiri
ku,kur,kurdish
kv,kom,komi
kw,cor,cornish
ky,kir,kirghiz,kyrgyz
la,lat,latin
lb,ltz,luxembourgish,letzeburgesch
lg,lug,ganda
li,lim,limburgan,limburger,limburgish
ln,lin,lingala
lo,lao,laotian
lt,lit,lithuanian
lu,lub,luba-katanga
lv,lav,latvian,lvs
mg,mlg,malagasy
mh,mah,marshallese
mi,mri,mao,maori
mk,mkd,mac,macedonian
ml,mal,malayalam
mn,mon,mongolian,khk
mr,mar,marathi
ms,msa,may,malay,zsm
mt,mlt,maltese
my,mya,bur,burmese,myanmar
na,nau,nauru
nb,nob,bokmål,norwegian bokmål
nd,nde,ndebele,north ndebele
ne,nep,nepali,npi
ng,ndo,ndonga
nl,nld,dut,dutch,flemish
nn,nno,norwegian nynorsk,nynorsk
no,nor,norwegian
nr,nbl,south ndebele
nv,nav,navajo,navaho
ny,nya,chichewa,chewa,nyanja
oc,oci,occitan,provençal
oj,oji,ojibwa
om,orm,oromo
or,ori,oriya,ory
os,oss,ossetian,ossetic
pa,pan,panjabi,punjabi
pi,pli,pali
pl,pol,polish
ps,pus,pushto,pashto,pbt
pt,por,portuguese
qu,que,quechua,quz
rm,roh,romansh
rn,run,rundi
ro,ron,rum,romanian,moldavian,moldovan,mo,mol
ru,rus,russian
rw,kin,kinyarwanda
sa,san,sanskrit
sc,srd,sardinian
sd,snd,sindhi
se,sme,northern sami
sg,sag,sango
sh,hbs,serbo-croatian
si,sin,sinhala,sinhalese
sk,slk,slo,slovak
sl,slv,slovenian
sm,smo,samoan
sn,sna,shona
so,som,somali
sq,sqi,alb,albanian,als
sr,srp,serbian
ss,ssw,swati
st,sot,sesotho,sotho
su,sun,sundanese
sv,swe,swedish
sw,swa,swahili,swh
ta,tam,tamil
te,tel,telugu
tg,tgk,tajik
th,tha,thai
ti,tir,tigrinya
tk,tuk,turkmen
tl,tgl,tagalog,pilipino
tn,tsn,tswana
to,ton,tonga
tr,tur,turkish
ts,tso,tsonga
tt,tat,tatar
tw,twi
ty,tah,tahitian
ug,uig,uighur,uyghur
uk,ukr,ukrainian
ur,urd,urdu
uz,uzb,uzbek,uzn
ve,ven,venda
vi,vie,vietnamese
vo,vol,volapük
wa,wln,walloon
wo,wol,wolof
xh,xho,xhosa
yi,yid,yiddish,ji
yo,yor,yoruba
za,zha,zhuang,chuang
zh,zho,chi,chinese,cmn
zu,zul,zulu";

/// Languages of newspapers that have a three-letter code only.
const THREE_LETTERS: &[&str] = &[
    "apd", "arq", "ary", "arz", "ast", "awa", "bal", "ban", "bar", "bcl", "bho", "bik", "ceb", "ckb", "cnr",
    "crh", "cyo", "din", "doi", "dsb", "fil", "fur", "gag", "gom", "gsw", "haw", "hak", "hil", "hmn", "hsb",
    "iba", "ilo", "inh", "kab", "kac", "kbd", "kha", "kjh", "kmr", "kok", "krc", "ksh", "kum", "lad", "lez",
    "lij", "lld", "lmo", "lrc", "ltg", "lus", "lzh", "mad", "mag", "mai", "min", "mni", "mwl", "myv", "mzn",
    "nan", "nap", "nds", "new", "nqo", "nso", "nah", "pag", "pam", "pap", "pcm", "pms", "prs", "rup", "sah",
    "sat", "scn", "sco", "sgs", "shi", "shn", "skr", "smn", "srn", "szl", "tet", "tlh", "tpi", "tum", "tyv",
    "udm", "vec", "vls", "vro", "wal", "war", "wuu", "xal", "xmf", "yue", "zea", "zgh", "zza",
];

/// The code of a language that was written as a code (`fr`, `fra`), a locale (`fr-CA`, `zh_Hant`)
/// or an English name (`French`); `parameter` is whose value it is.
pub fn code(parameter: &'static str, written: &str) -> Result<&'static str> {
    found(written).ok_or_else(|| {
        let shown: String = written.chars().take(60).collect();
        Error::parameter(
            parameter,
            &format!("'{shown}'"),
            "there is no language of that code or name",
            "pass an ISO 639 code such as 'fr', a locale such as 'fr-CA' or an English name, or None",
        )
    })
}

/// The code that something written stands for.
#[must_use]
pub fn found(written: &str) -> Option<&'static str> {
    let name = written.trim().to_lowercase();
    let first = name.split(['-', '_']).next().unwrap_or("");
    let by = |wanted: &str| {
        TWO_LETTERS.lines().find_map(|line| {
            let mut names = line.split(',');
            let code = names.next()?;
            (code == wanted || names.any(|other| other == wanted)).then_some(code)
        })
    };
    if first.len() > 3 {
        return by(&name);
    }
    if first.len() < 2 || !name.split(['-', '_']).skip(1).all(is_subtag) {
        return None;
    }
    by(first).or_else(|| THREE_LETTERS.iter().copied().find(|&code| code == first))
}

/// What may follow the language in a locale: a script, a region, a variant.
fn is_subtag(part: &str) -> bool {
    (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_locales_and_names_are_one_language() {
        for written in ["fr", "FR", "fr-CA", "fr_CA", "fra", "fre", "French", " french "] {
            assert_eq!(found(written), Some("fr"), "{written}");
        }
        let rows = [
            ("zh-Hant-TW", "zh"),
            ("cmn", "zh"),
            ("sr-Latn-RS", "sr"),
            ("nb", "nb"),
            ("yue", "yue"),
            ("iw", "he"),
            ("Azeri", "az"),
            ("Persian", "fa"),
            ("farsi", "fa"),
            ("scottish gaelic", "gd"),
        ];
        for (written, code) in rows {
            assert_eq!(found(written), Some(code), "{written}");
        }
    }

    #[test]
    fn what_is_no_language_is_refused() {
        for written in [
            "",
            " ",
            "frr2",
            "frr",
            "xx",
            "f",
            "fr-",
            "fr CA",
            "fr-Fränkisch",
            "-fr",
            "klingonese",
            ",",
        ] {
            assert_eq!(found(written), None, "{written}");
        }
        let message = code("language", "frr").unwrap_err().to_string();
        assert!(message.starts_with("language is 'frr', but"), "{message}");
    }

    #[test]
    fn every_line_begins_with_a_code_and_no_name_is_there_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for name in TWO_LETTERS.lines().flat_map(|line| line.split(',')) {
            assert!(!name.is_empty() && seen.insert(name), "{name}");
        }
        assert!(
            TWO_LETTERS
                .lines()
                .all(|line| line.split(',').next().map(str::len) == Some(2))
        );
        assert!(
            THREE_LETTERS
                .iter()
                .all(|code| code.len() == 3 && seen.insert(code))
        );
        assert!(TWO_LETTERS.lines().count() >= 183);
    }
}
