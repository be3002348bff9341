//! Members of ZIP archives: wheels of Python packages, bundles of tables.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{PartError, Ranges};

/// A member is refused beyond so many bytes: an archive may promise anything.
const LARGEST: u64 = 128 * 1024 * 1024;

/// Bytes asked for at once where the archive's reader wants fewer.
const BLOCK: u64 = 64 * 1024;

/// One member; none: the archive has none of that name.
pub fn member(file: &mut dyn Ranges, name: &str) -> Result<Option<Vec<u8>>, PartError> {
    let mut archive = open(file)?;
    let Some(index) = archive.index_for_name(name) else {
        return Ok(None);
    };
    read(&mut archive, index, name).map(Some)
}

/// Names and contents of those members that are wanted, by name.
pub fn members(
    file: &mut dyn Ranges,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, PartError> {
    let mut archive = open(file)?;
    // A name that is no text is none that anybody wants.
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|n| n.ok().map(std::borrow::Cow::into_owned))
        .filter(|n| wanted(n))
        .collect();
    names.sort();
    let mut out = Vec::new();
    for name in names {
        if let Some(index) = archive.index_for_name(&name) {
            let body = read(&mut archive, index, &name)?;
            out.push((name, body));
        }
    }
    Ok(out)
}

fn open(file: &mut dyn Ranges) -> Result<ZipArchive<Seeker<'_>>, PartError> {
    let seeker = Seeker {
        file,
        at: 0,
        block: (0, Vec::new()),
    };
    ZipArchive::new(seeker).map_err(failed)
}

fn read(
    archive: &mut ZipArchive<Seeker<'_>>,
    index: usize,
    name: &str,
) -> Result<Vec<u8>, PartError> {
    let file = archive.by_index(index).map_err(failed)?;
    let mut body = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut body);
    read.map_err(|e| failed(ZipError::Io(e)))?;
    if body.len() as u64 > LARGEST {
        return Err(PartError::Format(format!(
            "{name} unpacks to more than {LARGEST} bytes"
        )));
    }
    Ok(body)
}

/// A failed request comes back as what it was.
fn failed(e: ZipError) -> PartError {
    match e {
        ZipError::Io(e) => match e.downcast::<PartError>() {
            Ok(part) => part,
            Err(e) => PartError::Format(e.to_string()),
        },
        other => PartError::Format(other.to_string()),
    }
}

/// Ranges as a file that is read from front to back and jumped about in.
struct Seeker<'a> {
    file: &'a mut dyn Ranges,
    at: u64,
    block: (u64, Vec<u8>),
}

impl Read for Seeker<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.file.size().saturating_sub(self.at);
        if left == 0 || out.is_empty() {
            return Ok(0);
        }
        let within = |(start, bytes): &(u64, Vec<u8>), at: u64| {
            at >= *start && at < start + bytes.len() as u64
        };
        if !within(&self.block, self.at) {
            let length = left.min(BLOCK.max(out.len() as u64));
            let bytes = self.file.bytes(self.at, length).map_err(io::Error::other)?;
            self.block = (self.at, bytes);
        }
        let skip = usize::try_from(self.at - self.block.0).map_err(io::Error::other)?;
        let have = &self.block.1[skip..];
        let n = have.len().min(out.len());
        out[..n].copy_from_slice(&have[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Seeker<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.file.size().checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
