//! Rules 1 to 20, by what they are about.

mod bills;
mod books;
mod change;
mod channel;
mod kit;
mod machine;
mod paper;
mod plan;
mod tax;
mod unit;
