//! Pure reckoning over the catalog: which price is in force, what an output costs, the cheapest
//! lawful stack, and the volumes at which the winner changes. No file, clock, network or environment.

pub mod assemble;
pub mod break_even;
pub mod context;
pub mod estimate;
pub mod explain;
pub mod facts;
pub mod field;
mod fill;
pub mod kind;
pub mod ledger;
pub mod legal;
pub mod machine_cost;
mod model;
mod not_chosen;
pub mod offer_cost;
pub mod only;
pub mod plan_cost;
mod presolve;
pub mod program;
pub mod range;
pub mod reason;
pub mod rent_cost;
mod repair;
mod slack;
pub mod solve;
mod split;
pub mod stacks;
pub mod standing;
pub mod tariff;
pub mod tax;
pub mod variant;
pub mod witness;
