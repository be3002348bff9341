//! Reads numbers and short texts one after another out of a file of known length, through one small
//! buffer, and walks past the rest without reading it.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use crate::fault::Fault;
use crate::limits::BUFFER;

pub(crate) struct Bounded<R> {
    inner: R,
    buffer: Vec<u8>,
    /// Where in the file the buffer begins.
    start: u64,
    /// Where in the buffer the next byte is.
    next: usize,
    /// How much of the buffer is filled.
    filled: usize,
    length: u64,
    /// The most that may be walked.
    most: u64,
    big_endian: bool,
}

impl<R: Read + Seek> Bounded<R> {
    /// From the beginning of `inner`, which has `length` bytes; what lies after `most` is refused.
    pub fn new(mut inner: R, length: u64, most: u64) -> Result<Self, Fault> {
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self {
            inner,
            buffer: vec![0; BUFFER],
            start: 0,
            next: 0,
            filled: 0,
            length,
            most,
            big_endian: false,
        })
    }

    pub fn set_big_endian(&mut self) {
        self.big_endian = true;
    }

    /// The position in the file.
    pub fn at(&self) -> u64 {
        self.start + self.next as u64
    }

    pub fn left(&self) -> u64 {
        self.length.saturating_sub(self.at())
    }

    /// Refuses what would go beyond the file or the limit, before anything is read or reserved.
    pub fn need(&self, needed: u64, what: &dyn Fn() -> String) -> Result<(), Fault> {
        let at = self.at();
        if needed > self.left() {
            return Err(Fault::Ends {
                what: what(),
                at,
                needed,
                length: self.length,
            });
        }
        // Within the file, so that the sum cannot overflow.
        if at + needed > self.most {
            return Err(Fault::TooLong {
                what: "the header".to_owned(),
                length: at + needed,
                most: self.most,
            });
        }
        Ok(())
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self, what: &dyn Fn() -> String) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    pub fn u32(&mut self, what: &dyn Fn() -> String) -> Result<u32, Fault> {
        let bytes = self.array(what)?;
        Ok(if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    pub fn u64(&mut self, what: &dyn Fn() -> String) -> Result<u64, Fault> {
        let bytes = self.array(what)?;
        Ok(if self.big_endian {
            u64::from_be_bytes(bytes)
        } else {
            u64::from_le_bytes(bytes)
        })
    }

    /// `size` bytes (at most 8) as one number, in the order of the file.
    pub fn bits(&mut self, size: u64, what: &dyn Fn() -> String) -> Result<u64, Fault> {
        let mut bytes = [0; 8];
        let size = usize::try_from(size).unwrap_or(8).min(8);
        if self.big_endian {
            self.fill(&mut bytes[8 - size..], what)?;
            Ok(u64::from_be_bytes(bytes))
        } else {
            self.fill(&mut bytes[..size], what)?;
            Ok(u64::from_le_bytes(bytes))
        }
    }

    /// The next `length` bytes, which the caller has held to a limit.
    pub fn bytes(&mut self, length: u64, what: &dyn Fn() -> String) -> Result<Vec<u8>, Fault> {
        self.need(length, what)?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    pub fn skip(&mut self, length: u64, what: &dyn Fn() -> String) -> Result<(), Fault> {
        self.need(length, what)?;
        let buffered = (self.filled - self.next) as u64;
        if length <= buffered {
            self.next += length as usize;
        } else {
            self.start = self.at() + length;
            self.next = 0;
            self.filled = 0;
            self.inner.seek(SeekFrom::Start(self.start))?;
        }
        Ok(())
    }

    fn fill(&mut self, into: &mut [u8], what: &dyn Fn() -> String) -> Result<(), Fault> {
        self.need(into.len() as u64, what)?;
        let mut done = 0;
        while done < into.len() {
            if self.next == self.filled {
                self.refill(into.len() - done, what)?;
            }
            let count = (self.filled - self.next).min(into.len() - done);
            into[done..done + count].copy_from_slice(&self.buffer[self.next..self.next + count]);
            self.next += count;
            done += count;
        }
        Ok(())
    }

    fn refill(&mut self, needed: usize, what: &dyn Fn() -> String) -> Result<(), Fault> {
        self.start += self.filled as u64;
        self.next = 0;
        self.filled = 0;
        loop {
            match self.inner.read(&mut self.buffer) {
                // Shorter than it said: cut while it was read.
                Ok(0) => {
                    return Err(Fault::Ends {
                        what: what(),
                        at: self.start,
                        needed: needed as u64,
                        length: self.start,
                    });
                }
                Ok(count) => {
                    self.filled = count;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
