//! The nouns of maquette. Nothing here reads a file, a clock, the network or the environment:
//! the date a question is asked for is always an argument.

pub mod date;
pub mod demand;
pub mod evidence;
pub mod facts;
pub mod money;
pub mod names;
pub mod report;
pub mod studio;
pub mod territory;
pub mod text;
pub mod unit;
mod words;

pub use date::{Date, DateError, PartialDate, Precision, days, days_between};
pub use demand::{Demand, Modality, group};
pub use evidence::{Basis, Confidence, Evidence};
pub use facts::{Grant, GrantKind, Use};
pub use money::{Currency, Money, MoneyError, MoneyFigure};
pub use studio::{
    Accounting, Ask, BillingWish, Channel, Floor, Machine, MachineOrigin, Only, Studio,
};
pub use unit::{Quantity, Unit, UnitError, UnitPrice};
