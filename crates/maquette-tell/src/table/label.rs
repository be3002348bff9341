//! What a cell means. A meaning never names a colour: the theme at the end of this file maps
//! meanings to terminal codes, and a mark says the same to those who see no colour.

/// The meaning of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Label {
    #[default]
    Plain,
    Good,
    Warn,
    Bad,
    Dim,
    Strong,
    /// A command, a file or an identifier.
    Code,
}

/// Characters that already say a verdict; a text that has one gets no second.
const VERDICTS: [char; 8] = ['●', '◆', '■', '✓', '✗', '✔', '✘', '⚠'];

impl Label {
    /// The shape that carries a verdict without colour: circle, diamond, square.
    pub fn mark(self) -> Option<char> {
        match self {
            Self::Good => Some('●'),
            Self::Warn => Some('◆'),
            Self::Bad => Some('■'),
            Self::Plain | Self::Dim | Self::Strong | Self::Code => None,
        }
    }

    /// The mark that `text` still needs: none where it is empty or has one of its own.
    pub(crate) fn mark_for(self, text: &str) -> Option<char> {
        self.mark()
            .filter(|_| !text.is_empty() && !text.contains(VERDICTS))
    }

    /// `text` in the colours of the theme; the plain text where the meaning has none.
    pub(super) fn paint(self, text: &str) -> String {
        match self.code() {
            Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            None => text.to_owned(),
        }
    }

    /// The theme: a code of the terminal's own sixteen colours, so that the reader's choice of
    /// light or dark holds.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("32"),
            Self::Warn => Some("33"),
            Self::Bad => Some("31"),
            Self::Dim => Some("2"),
            Self::Strong => Some("1"),
            Self::Code => Some("36"),
        }
    }
}
