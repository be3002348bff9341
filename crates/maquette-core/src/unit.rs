//! The closed set of units that things are sold and counted in, and prices per unit.
//! A price meets a quantity only in the same unit; everything else is refused.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{Money, MoneyError};

macro_rules! units {
    ($($variant:ident $text:literal $doc:literal),* $(,)?) => {
        /// What one is charged for, or counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unit { $(#[doc = $doc] $variant),* }

        impl Unit {
            pub const ALL: &'static [Unit] = &[$(Unit::$variant),*];

            /// The word the catalog and every report use.
            pub fn as_str(self) -> &'static str {
                match self { $(Unit::$variant => $text),* }
            }
        }
    };
}

units! {
    Image "image" "One picture, whatever its size.",
    Megapixel "megapixel" "10^6 pixels of a picture; how a provider rounds is in the offer.",
    FirstMegapixel "first-megapixel" "The first megapixel of a picture; further ones may cost otherwise.",
    Tile512 "tile-512" "One 512×512 tile of a picture.",
    Step "step" "One denoising step of one picture.",
    Video "video" "One clip of the length and size the price states.",
    VideoSecond "second-of-video" "One second of a clip.",
    MillionVideoTokens "1m-video-tokens" "1,000,000 video tokens; a clip has width × height × frames ÷ 1024 of them.",
    Song "song" "One piece of music of the length the price states.",
    AudioSecond "second-of-audio" "One second of sound.",
    AudioMinute "minute-of-audio" "Sixty seconds of sound.",
    Word "word" "One written word.",
    Character "character" "One Unicode character.",
    ThousandCharacters "1k-characters" "1,000 characters.",
    MillionCharacters "1m-characters" "1,000,000 characters.",
    MillionBytes "1m-utf8-bytes" "1,000,000 bytes of UTF-8; a Chinese character is three.",
    Token "token" "One token of a language model.",
    MillionInput "1m-input-tokens" "1,000,000 tokens read.",
    MillionOutput "1m-output-tokens" "1,000,000 tokens written, hidden reasoning included.",
    MillionCached "1m-cached-input-tokens" "1,000,000 tokens read from a prompt cache.",
    MillionCacheWrite "1m-cache-write-tokens" "1,000,000 tokens written to a prompt cache.",
    MillionImageOutput "1m-image-output-tokens" "1,000,000 tokens of picture output.",
    MillionAudioOutput "1m-audio-output-tokens" "1,000,000 tokens of sound output.",
    Asset "asset" "One 3D model.",
    Sound "sound" "One sound effect.",
    GpuHour "gpu-hour" "One GPU for 3,600 seconds.",
    GpuSecond "gpu-second" "One GPU for one second.",
    Gigabyte "gb" "10^9 bytes moved.",
    GigabyteMonth "gb-month" "10^9 bytes kept for a billing month (730 hours).",
    KilowattHour "kwh" "3.6 megajoules of electricity.",
    Month "month" "One billing month.",
    Credit "credit" "A provider's own unit.",
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    #[error("`{0}` is not a unit{1}")]
    Unknown(String, String),
    #[error("a price per {price} does not apply to a quantity in {quantity}")]
    Mismatch { price: Unit, quantity: Unit },
    #[error("a price per {0} and a price per {1} do not add")]
    MixedPrices(Unit, Unit),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Unit {
    type Err = UnitError;

    fn from_str(s: &str) -> Result<Self, UnitError> {
        Unit::ALL
            .iter()
            .copied()
            .find(|u| u.as_str() == s)
            .ok_or_else(|| {
                let near = crate::names::nearest(s, Unit::ALL.iter().map(|u| u.as_str()));
                UnitError::Unknown(s.to_owned(), crate::names::did_you_mean(&near))
            })
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::text::from_str(d)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// So much of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    pub amount: Decimal,
    pub unit: Unit,
}

impl Quantity {
    pub fn new(amount: Decimal, unit: Unit) -> Quantity {
        Quantity { amount, unit }
    }
}

/// Money for one of a unit.
///
/// Prices never add with `+`, so a mix of units cannot slip through an operator:
///
/// ```compile_fail
/// use maquette_core::{Unit, UnitPrice};
/// let image = UnitPrice::new("0.04 USD".parse().unwrap(), Unit::Image);
/// let second = UnitPrice::new("0.05 USD".parse().unwrap(), Unit::VideoSecond);
/// let _ = image + second;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice {
    pub money: Money,
    pub per: Unit,
}

impl UnitPrice {
    pub fn new(money: Money, per: Unit) -> UnitPrice {
        UnitPrice { money, per }
    }

    /// What the quantity costs; refused when it is counted in another unit.
    ///
    /// ```
    /// use maquette_core::{Money, Quantity, Unit, UnitPrice};
    /// let price = UnitPrice::new("0.05 USD".parse().unwrap(), Unit::VideoSecond);
    /// let clip = Quantity::new(5.into(), Unit::VideoSecond);
    /// assert_eq!(price.of(clip).unwrap(), "0.25 USD".parse::<Money>().unwrap());
    /// assert!(price.of(Quantity::new(5.into(), Unit::Image)).is_err());
    /// ```
    pub fn of(&self, quantity: Quantity) -> Result<Money, UnitError> {
        if self.per != quantity.unit {
            return Err(UnitError::Mismatch {
                price: self.per,
                quantity: quantity.unit,
            });
        }
        Ok(self.money.times(quantity.amount)?)
    }

    /// The sum of two prices of one unit; a dollar per image and a dollar per second do not add.
    ///
    /// ```
    /// use maquette_core::{Unit, UnitPrice};
    /// let image = UnitPrice::new("0.04 USD".parse().unwrap(), Unit::Image);
    /// let second = UnitPrice::new("0.05 USD".parse().unwrap(), Unit::VideoSecond);
    /// assert!(image.plus(second).is_err());
    /// ```
    pub fn plus(&self, other: UnitPrice) -> Result<UnitPrice, UnitError> {
        if self.per != other.per {
            return Err(UnitError::MixedPrices(self.per, other.per));
        }
        Ok(UnitPrice::new(self.money.plus(other.money)?, self.per))
    }
}
