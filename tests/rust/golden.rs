//! Golden values of the one hash: what is stored or ordered by it must not change unnoticed.
//!
//! Computed with the reference implementation of XXH3 (version 0.8, the seed `nutgraf1` as a
//! little-endian number), over inputs of every length class that it treats differently.

use nutgraf::hash;

/// Bytes that no pattern of the hash's own can hide.
fn bytes(count: usize) -> Vec<u8> {
    (0..count)
        .map(|place| u8::try_from((place * 31 + 7) % 256).unwrap_or_default())
        .collect()
}

/// Terms that use all 32 bits.
fn terms(count: usize) -> Vec<u32> {
    (1..)
        .take(count)
        .map(|place: u32| place.wrapping_mul(2_654_435_761))
        .collect()
}

#[test]
fn the_version_says_when_golden_values_may_change() {
    assert_eq!(hash::VERSION, 1);
}

#[test]
fn byte_strings_of_every_length_class() {
    let golden: [(usize, u64, u128); 14] = [
        (
            0,
            3_067_939_337_792_491_182,
            0xe4c3_69d2_d547_c7c2_1c73_daa9_bace_70e4,
        ),
        (
            1,
            7_192_627_454_619_524_375,
            0x6265_7713_87d0_f138_63d1_588f_d251_9d17,
        ),
        (
            3,
            6_499_405_826_088_849_288,
            0xf8a2_f82b_0424_3a65_5a32_8729_db21_4f88,
        ),
        (
            4,
            13_638_069_456_969_723_401,
            0x929d_4a7d_575e_4718_90b6_0a6e_cf8d_151e,
        ),
        (
            8,
            13_151_861_492_798_538_625,
            0x2848_046e_f7fb_257a_874b_d80c_521f_1713,
        ),
        (
            9,
            1_426_261_682_676_143_940,
            0x52f6_204c_fa54_ef30_57fe_4c5b_c30e_9ddb,
        ),
        (
            16,
            18_294_423_535_854_789_821,
            0xff62_880a_1aef_2e57_e535_522d_3cd9_1907,
        ),
        (
            17,
            7_422_535_633_005_625_658,
            0xbb05_bf74_2f56_b4af_140a_2c97_e4b5_86e6,
        ),
        (
            128,
            14_143_933_595_292_327_126,
            0x423e_d50e_d52b_02bf_51db_e8a6_d1df_d05a,
        ),
        (
            129,
            3_147_556_874_633_485_122,
            0x4f90_c01c_9ac8_8833_154a_16a2_a409_2647,
        ),
        (
            240,
            11_569_884_006_516_937_103,
            0x2735_8aab_c63b_9dfb_278d_5c5c_7f47_5379,
        ),
        (
            241,
            15_937_238_043_897_206_144,
            0x481c_9625_676e_df83_dd2c_718f_d355_9580,
        ),
        (
            1024,
            6_584_177_911_881_638_031,
            0x03a5_d635_3c38_95db_5b5f_b2ed_27ad_a08f,
        ),
        (
            5000,
            6_255_940_687_715_099_922,
            0x3cb9_0f19_7347_8f33_56d1_90e8_fb2b_e512,
        ),
    ];
    for (count, short, long) in golden {
        assert_eq!(hash::bytes64(&bytes(count)), short, "64 bits of {count} bytes");
        assert_eq!(hash::bytes128(&bytes(count)), long, "128 bits of {count} bytes");
    }
}

#[test]
fn rows_of_terms_below_and_above_one_step() {
    let golden: [(usize, u64); 9] = [
        (0, 3_067_939_337_792_491_182),
        (1, 5_860_842_600_761_390_453),
        (2, 8_911_387_120_128_779_080),
        (5, 923_071_316_590_955_901),
        (12, 13_861_440_709_166_898_010),
        (63, 9_648_167_889_144_375_701),
        (64, 7_950_667_853_132_051_693),
        (65, 400_547_895_062_680_575),
        (200, 8_640_994_756_255_843_187),
    ];
    for (count, expected) in golden {
        assert_eq!(hash::terms64(&terms(count)), expected, "{count} terms");
    }
}

#[test]
fn rows_of_terms_with_their_cuts() {
    let golden: [(usize, &[usize], u128); 7] = [
        (0, &[], 0xe4c3_69d2_d547_c7c2_1c73_daa9_bace_70e4),
        (1, &[1], 0xe2b8_53bb_78a4_8cbb_1294_28b0_b799_b65c),
        (5, &[5], 0x7140_5f95_eac5_5a1c_9559_0862_6b00_aedb),
        (5, &[2, 5], 0xcaf8_11ac_6705_6d8f_b502_abb2_403b_9a0a),
        (64, &[64], 0x21ea_88ff_b16b_c6f6_f3e3_b535_4c69_2164),
        (65, &[10, 65], 0xc55a_d8af_651d_7ef1_75f9_12d5_aa01_4dcf),
        (200, &[1, 2, 200], 0x43cd_9f98_9a9d_e540_1219_b432_8367_9330),
    ];
    for (count, cuts, expected) in golden {
        // In pieces of any length, the same.
        for piece in [1, 7, 500] {
            let mut hash = hash::Sequence::default();
            terms(count).chunks(piece).for_each(|part| hash.terms(part));
            cuts.chunks(piece).for_each(|part| hash.cuts(part));
            assert_eq!(hash.finish(), expected, "{count} terms cut at {cuts:?}");
        }
    }
}
