//! The stacks of an answer: which candidates each admits.

use maquette_catalog::schema::model::Openness;
use maquette_core::Channel;

use crate::field::Candidate;

/// The stacks, in the order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Cheapest,
    Closed,
    Open,
    Local,
    Hosted,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Cheapest,
        Kind::Closed,
        Kind::Open,
        Kind::Local,
        Kind::Hosted,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Kind::Cheapest => "cheapest",
            Kind::Closed => "closed",
            Kind::Open => "open",
            Kind::Local => "local",
            Kind::Hosted => "hosted",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Kind::Cheapest => "Cheapest lawful stack",
            Kind::Closed => "Closed models only",
            Kind::Open => "Open models only",
            Kind::Local => "This machine only",
            Kind::Hosted => "Open models, hosted",
        }
    }

    /// Are all its candidates among the other's?
    pub(crate) fn is_within(self, other: Kind) -> bool {
        match other {
            Kind::Cheapest => true,
            Kind::Open => matches!(self, Kind::Local | Kind::Hosted),
            _ => false,
        }
    }

    pub(crate) fn admits(self, c: &Candidate<'_>) -> bool {
        match self {
            Kind::Cheapest => true,
            Kind::Closed => c.model.openness == Openness::Closed,
            Kind::Open => c.model.openness == Openness::Open,
            Kind::Local => c.channel == Channel::Local,
            Kind::Hosted => c.channel == Channel::Hosted,
        }
    }
}
