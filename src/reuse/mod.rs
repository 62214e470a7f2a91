//! Same or nearly the same: near duplicates, verified on real tokens.
