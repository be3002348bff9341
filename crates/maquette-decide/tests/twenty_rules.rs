//! The twenty rules of price and plan (research note on prices, section 2), each on a catalog of a
//! few lines. Amounts are worked out by hand in the comments.

mod rules;
