//! Why a candidate is not in the answer. A closed set: each word is printed and documented.

use maquette_core::Date;

use crate::standing::NotInForce;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    TooExpensive,
    LicenseProhibits,
    LicenseUnknown,
    LicenseNeeded,
    RightsMissing,
    RevenueCap,
    NoExport,
    NotPublished,
    NotReadYet,
    Ended,
    Retired,
    NotReleased,
    ClosedToNew,
    TooSmall,
    PromptTooLong,
    SizeNotPublished,
    LengthNotOffered,
    LengthNotPublished,
    QualityNotOffered,
    BelowFloor,
    NotRated,
    BurnNotPublished,
    AllowanceNotPublished,
    NotMeasured,
    DoesNotFit,
    NotEnough,
    NoMachine,
    NoPowerPrice,
    NoExchangeRate,
    NotAsked,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::TooExpensive => "too-expensive",
            Reason::LicenseProhibits => "license-prohibits",
            Reason::LicenseUnknown => "license-unknown",
            Reason::LicenseNeeded => "license-needed",
            Reason::RightsMissing => "rights-missing",
            Reason::RevenueCap => "revenue-cap",
            Reason::NoExport => "no-export",
            Reason::NotPublished => "not-published",
            Reason::NotReadYet => "not-read-yet",
            Reason::Ended => "ended",
            Reason::Retired => "retired",
            Reason::NotReleased => "not-released",
            Reason::ClosedToNew => "closed-to-new",
            Reason::TooSmall => "too-small",
            Reason::PromptTooLong => "prompt-too-long",
            Reason::SizeNotPublished => "size-not-published",
            Reason::LengthNotOffered => "length-not-offered",
            Reason::LengthNotPublished => "length-not-published",
            Reason::QualityNotOffered => "quality-not-offered",
            Reason::BelowFloor => "below-floor",
            Reason::NotRated => "not-rated",
            Reason::BurnNotPublished => "burn-not-published",
            Reason::AllowanceNotPublished => "allowance-not-published",
            Reason::NotMeasured => "not-measured",
            Reason::DoesNotFit => "does-not-fit",
            Reason::NotEnough => "not-enough",
            Reason::NoMachine => "no-machine",
            Reason::NoPowerPrice => "no-power-price",
            Reason::NoExchangeRate => "no-exchange-rate",
            Reason::NotAsked => "not-asked",
        }
    }
}

/// A reason with the words for this case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub reason: Reason,
    pub detail: String,
}

impl Why {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Why {
        Why {
            reason,
            detail: detail.into(),
        }
    }

    pub fn not_in_force(why: Option<NotInForce>, day: Date) -> Why {
        match why {
            Some(NotInForce::NotYet { first, days }) => Why::new(
                Reason::NotReadYet,
                format!("first read {first}, {days} days after {day}; see --carry-back"),
            ),
            Some(NotInForce::Ended { on }) => Why::new(Reason::Ended, format!("ended {on}")),
            None => Why::new(Reason::NotPublished, "no price is published"),
        }
    }
}
