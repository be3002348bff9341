//! Modalities, and a month's work: so many outputs of a modality, of a size and a length.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::unit::Unit;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    Text,
    Image,
    Video,
    Music,
    Sound,
    Speech,
    #[serde(rename = "3d")]
    ThreeD,
    /// Body or camera movement for 3D.
    Motion,
}

impl Modality {
    pub const ALL: [Modality; 8] = [
        Modality::Text,
        Modality::Image,
        Modality::Video,
        Modality::Music,
        Modality::Sound,
        Modality::Speech,
        Modality::ThreeD,
        Modality::Motion,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Modality::Text => "text",
            Modality::Image => "image",
            Modality::Video => "video",
            Modality::Music => "music",
            Modality::Sound => "sound",
            Modality::Speech => "speech",
            Modality::ThreeD => "3d",
            Modality::Motion => "motion",
        }
    }

    /// The unit in which a demand of this modality counts its outputs.
    pub fn output_unit(self) -> Unit {
        match self {
            Modality::Text => Unit::Word,
            Modality::Image => Unit::Image,
            Modality::Video => Unit::Video,
            Modality::Music => Unit::Song,
            Modality::Sound => Unit::Sound,
            Modality::Speech => Unit::AudioMinute,
            Modality::ThreeD | Modality::Motion => Unit::Asset,
        }
    }
}

impl fmt::Display for Modality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Modality {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        // The words that answers print for demands are understood too.
        let wanted = match s.to_lowercase().as_str() {
            "words" => "text".to_owned(),
            "images" => "image".to_owned(),
            "videos" => "video".to_owned(),
            "songs" => "music".to_owned(),
            "sounds" => "sound".to_owned(),
            "assets-3d" => "3d".to_owned(),
            other => other.to_owned(),
        };
        Modality::ALL
            .into_iter()
            .find(|m| m.as_str() == wanted)
            .ok_or_else(|| {
                let near = crate::names::nearest(s, Modality::ALL.iter().map(|m| m.as_str()));
                format!(
                    "`{s}` is not a modality{}",
                    crate::names::did_you_mean(&near)
                )
            })
    }
}

/// One line of the month's work.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    pub modality: Modality,
    /// Outputs wanted, in [`Modality::output_unit`].
    pub quantity: Decimal,
    /// Pixels of an image or a clip.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Length of one output in seconds (video, music, sound).
    pub seconds: Option<Decimal>,
    /// A quality tier the provider names (`low`, `medium`, `high`, …); absent: any.
    pub quality: Option<String>,
    /// Must a clip carry sound? Absent: either.
    pub audio: Option<bool>,
    /// Words read for each word written (text).
    pub input_ratio: Decimal,
    /// Share of the words read that a prompt cache holds (text). From 0 to 1.
    pub cached_share: Decimal,
    /// Hidden reasoning tokens billed for each visible token written (text).
    pub reasoning_ratio: Decimal,
    /// Tokens of one request's prompt (text); above a model's line the long-context price holds.
    pub prompt_tokens: Option<u64>,
    /// Bytes of UTF-8 in one character (speech): 1 for Latin letters, 3 for Chinese; absent: not
    /// said, taken as 1 with a warning.
    pub bytes_per_character: Option<Decimal>,
    /// Share of outputs that are kept; the rest is made again. 0 < rate ≤ 1.
    pub keep_rate: Decimal,
}

impl Demand {
    /// A demand of the modality's usual size: 1024×1024 pictures, five-second 720p clips, songs
    /// of three minutes, sounds of five seconds.
    pub fn usual(modality: Modality, quantity: Decimal) -> Demand {
        let (width, height, seconds) = match modality {
            Modality::Image => (Some(1024), Some(1024), None),
            Modality::Video => (Some(1280), Some(720), Some(Decimal::from(5))),
            Modality::Music => (None, None, Some(Decimal::from(180))),
            Modality::Sound => (None, None, Some(Decimal::from(5))),
            _ => (None, None, None),
        };
        Demand {
            modality,
            quantity,
            width,
            height,
            seconds,
            quality: None,
            audio: None,
            input_ratio: Decimal::ZERO,
            cached_share: Decimal::ZERO,
            reasoning_ratio: Decimal::ZERO,
            prompt_tokens: None,
            bytes_per_character: None,
            keep_rate: Decimal::ONE,
        }
    }

    /// Outputs that must be made so that `quantity` are kept. Countable outputs round up.
    pub fn to_make(&self) -> Decimal {
        let made = self.quantity / self.keep_rate;
        match self.modality {
            Modality::Text | Modality::Speech => made,
            _ => made.ceil(),
        }
    }

    /// Lines of a clip: its shorter side, upright or not.
    pub fn lines(&self) -> Option<u32> {
        match (self.width, self.height) {
            (Some(w), Some(h)) => Some(w.min(h)),
            (_, h) => h,
        }
    }

    /// e.g. `100 images, 1024×1024`.
    pub fn describe(&self) -> String {
        let mut parts = vec![format!("{} {}", group(self.quantity), self.noun())];
        if let (Some(w), Some(h)) = (self.width, self.height) {
            parts.push(match self.modality {
                Modality::Video => format!("{}p", w.min(h)),
                _ => format!("{w}×{h}"),
            });
        }
        parts.extend(self.seconds.map(|x| format!("{} s", x.normalize())));
        parts.extend(self.quality.as_ref().map(|q| format!("{q} quality")));
        parts.join(", ")
    }

    fn noun(&self) -> &'static str {
        let one = self.quantity == Decimal::ONE;
        match (self.modality, one) {
            (Modality::Text, true) => "word",
            (Modality::Text, false) => "words",
            (Modality::Image, true) => "image",
            (Modality::Image, false) => "images",
            (Modality::Video, true) => "video",
            (Modality::Video, false) => "videos",
            (Modality::Music, true) => "song",
            (Modality::Music, false) => "songs",
            (Modality::Sound, true) => "sound",
            (Modality::Sound, false) => "sounds",
            (Modality::Speech, true) => "minute of speech",
            (Modality::Speech, false) => "minutes of speech",
            (Modality::ThreeD, true) => "3D asset",
            (Modality::ThreeD, false) => "3D assets",
            (Modality::Motion, true) => "motion",
            (Modality::Motion, false) => "motions",
        }
    }
}

/// `50000` as `50,000`.
pub fn group(n: Decimal) -> String {
    let text = n.normalize().to_string();
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let digits = whole.trim_start_matches('-');
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    let sign = if whole.starts_with('-') { "-" } else { "" };
    match fraction {
        Some(f) => format!("{sign}{out}.{f}"),
        None => format!("{sign}{out}"),
    }
}
