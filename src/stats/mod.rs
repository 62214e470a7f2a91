//! What the terms say, and whether it is more than chance.
