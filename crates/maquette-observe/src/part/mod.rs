//! Of a large file that stands somewhere, the part that is wanted: a member of a ZIP archive, columns of
//! a Parquet file. Its bytes are asked for range by range.

pub mod parquet;
pub mod zip;

use url::Url;

use crate::fetch::{Answer, FetchError, Fetcher, Request, origin, refused};

/// Bytes of the end that are asked for first: both formats keep their table of contents there.
const END: u64 = 256 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum PartError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{0}")]
    Format(String),
}

/// Bytes at places.
pub trait Ranges {
    fn size(&self) -> u64;
    fn bytes(&mut self, start: u64, length: u64) -> Result<Vec<u8>, PartError>;
}

impl Ranges for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn bytes(&mut self, start: u64, length: u64) -> Result<Vec<u8>, PartError> {
        let range = usize::try_from(start).ok().zip(
            start
                .checked_add(length)
                .and_then(|end| usize::try_from(end).ok()),
        );
        range
            .and_then(|(from, to)| self.get(from..to))
            .map(<[u8]>::to_vec)
            .ok_or_else(|| PartError::Format("the file ends too early".to_owned()))
    }
}

/// A file on a server. One that does not answer ranges is read whole, within the limits.
pub struct Remote<'f, 'c> {
    fetcher: &'f mut Fetcher<'c>,
    request: Request,
    first: Answer,
    size: u64,
    /// The piece that was read first, and where it starts: the end, or all of it.
    known: (u64, Vec<u8>),
    asked: usize,
}

impl<'f, 'c> Remote<'f, 'c> {
    pub fn open(
        fetcher: &'f mut Fetcher<'c>,
        request: &Request,
    ) -> Result<Remote<'f, 'c>, PartError> {
        let asked = request.clone().header("range", &format!("bytes=-{END}"));
        let mut first = fetcher.fetch(&asked)?;
        let body = std::mem::take(&mut first.body);
        let (size, start) = match first.status {
            200 => (body.len() as u64, 0),
            206 => placed(&first, body.len())?,
            _ => {
                first.body = body;
                return Err(refused(&first).into());
            }
        };
        // Where a redirect led is asked again; the key stays with the host that it is for.
        let mut request = request.clone();
        if first.moved {
            let host = |url: &str| Url::parse(url).ok().as_ref().map(origin);
            if host(&request.url) != host(&first.url) {
                request.secret = None;
            }
            request.url.clone_from(&first.url);
        }
        Ok(Remote {
            fetcher,
            request,
            first,
            size,
            known: (start, body),
            asked: 1,
        })
    }

    /// The headers and the moment of the first answer, for the part that is kept.
    pub fn answer(&self, body: Vec<u8>) -> Answer {
        Answer {
            status: 200,
            body,
            ..self.first.clone()
        }
    }

    pub fn asked(&self) -> usize {
        self.asked
    }
}

/// Size of the whole file, and where the piece starts: `bytes 100-199/1000`.
fn placed(answer: &Answer, length: usize) -> Result<(u64, u64), PartError> {
    let said = answer.header("content-range").unwrap_or_default();
    let place = said.strip_prefix("bytes ").and_then(|rest| {
        let (range, size) = rest.split_once('/')?;
        let (from, to) = range.split_once('-')?;
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        let fits = to.checked_sub(from)?.checked_add(1)? == length as u64;
        fits.then_some((size.parse().ok()?, from))
    });
    place.ok_or_else(|| PartError::Format(format!("a range answered as `{said}`")))
}

impl Ranges for Remote<'_, '_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn bytes(&mut self, start: u64, length: u64) -> Result<Vec<u8>, PartError> {
        let end = start.checked_add(length).filter(|end| *end <= self.size);
        let end =
            end.ok_or_else(|| PartError::Format("it points behind its own end".to_owned()))?;
        let (from, known) = (self.known.0, &mut self.known.1.as_slice());
        if start >= from && end <= from + known.size() {
            return known.bytes(start - from, length);
        }
        if length == 0 {
            return Ok(Vec::new());
        }
        let range = format!("bytes={start}-{}", end - 1);
        self.asked += 1;
        let answer = self
            .fetcher
            .fetch(&self.request.clone().header("range", &range))?;
        if answer.status != 206 {
            return Err(refused(&answer).into());
        }
        let (size, from) = placed(&answer, answer.body.len())?;
        if size != self.size || from != start || answer.body.len() as u64 != length {
            return Err(PartError::Format("it changed while it was read".to_owned()));
        }
        Ok(answer.body)
    }
}
