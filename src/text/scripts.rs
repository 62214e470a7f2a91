//! placeholder
/// Family
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Complex {
    Chinese,
}
impl Complex {
    pub(super) fn of(sign: char) -> Option<Self> {
        matches!(sign, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}').then_some(Self::Chinese)
    }
}
