//! Columns of Parquet files. Only the chunks of the wanted columns are asked for, a row group at a time.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use super::{END, PartError, Ranges};

/// A value of one of the flat columns that are read.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Whole(i64),
    Number(f64),
    Text(Vec<u8>),
}

impl Cell {
    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }
}

/// The columns that are read: by name, and whether a file without one is refused.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub needed: bool,
}

impl Column {
    pub const fn needed(name: &'static str) -> Column {
        Column { name, needed: true }
    }

    /// Null in a file that has none.
    pub const fn wanted(name: &'static str) -> Column {
        Column {
            name,
            needed: false,
        }
    }
}

/// Rows of one group at most: a file may promise anything.
const ROWS: usize = 20_000_000;

/// Calls `row` with the cells of every row in the order of `columns`; a column that is not there is null.
pub fn rows(
    file: &mut dyn Ranges,
    columns: &[Column],
    row: &mut dyn FnMut(&[Cell]),
) -> Result<(), PartError> {
    let table = contents(file)?;
    let schema = table.file_metadata().schema_descr();
    let mut places = Vec::new();
    for column in columns {
        let place = (0..schema.num_columns()).find(|i| {
            let c = schema.column(*i);
            c.path().parts() == [column.name] && c.max_rep_level() == 0
        });
        if place.is_none() && column.needed {
            return Err(PartError::Format(format!("no column `{}`", column.name)));
        }
        places.push(place);
    }
    for group in table.row_groups() {
        let count = usize::try_from(group.num_rows()).ok();
        let count = count
            .filter(|n| *n <= ROWS)
            .ok_or_else(|| PartError::Format("a row group of an impossible size".to_owned()))?;
        let mut read = Vec::new();
        for place in &places {
            read.push(match place {
                Some(i) => chunk(file, group.column(*i), count)?,
                None => vec![Cell::Null; count],
            });
        }
        let mut cells = vec![Cell::Null; columns.len()];
        for n in 0..count {
            for (cell, column) in cells.iter_mut().zip(&mut read) {
                *cell = std::mem::replace(&mut column[n], Cell::Null);
            }
            row(&cells);
        }
    }
    Ok(())
}

fn contents(file: &mut dyn Ranges) -> Result<ParquetMetaData, PartError> {
    let size = file.size();
    let mut length = END.min(size);
    loop {
        let start = size - length;
        let piece = Piece {
            start: 0,
            bytes: file.bytes(start, length)?.into(),
        };
        let mut reader = ParquetMetaDataReader::new();
        match reader.try_parse_sized(&piece, size) {
            Ok(()) => return reader.finish().map_err(format),
            Err(ParquetError::NeedMoreData(more)) if length < size => {
                length = (more as u64).clamp(length + 1, size);
            }
            Err(e) => return Err(format(e)),
        }
    }
}

fn format(e: impl std::fmt::Display) -> PartError {
    PartError::Format(e.to_string())
}

fn chunk(
    file: &mut dyn Ranges,
    column: &ColumnChunkMetaData,
    rows: usize,
) -> Result<Vec<Cell>, PartError> {
    // The library takes these for granted.
    let places = [
        Some(column.compressed_size()),
        Some(column.data_page_offset()),
        column.dictionary_page_offset(),
    ];
    if places.into_iter().flatten().any(|n| n < 0) {
        return Err(PartError::Format("a column before the file".to_owned()));
    }
    let (start, length) = column.byte_range();
    let piece = Piece {
        start,
        bytes: file.bytes(start, length)?.into(),
    };
    let pages = SerializedPageReader::new(Arc::new(piece), column, rows, None).map_err(format)?;
    let optional = column.column_descr().max_def_level();
    let mut out = Vec::with_capacity(rows);
    macro_rules! read {
        ($reader:expr, $cell:expr) => {{
            let mut reader = $reader;
            while out.len() < rows {
                let (mut values, mut levels) = (Vec::new(), Vec::new());
                let wanted = (rows - out.len()).min(65_536);
                let levels_out = (optional > 0).then_some(&mut levels);
                let (records, _, _) = reader
                    .read_records(wanted, levels_out, None, &mut values)
                    .map_err(format)?;
                if records == 0 {
                    return Err(PartError::Format("a column ends too early".to_owned()));
                }
                let mut values = values.into_iter();
                for n in 0..records {
                    let there = optional == 0 || levels.get(n) == Some(&optional);
                    let value = there.then(|| values.next()).flatten();
                    out.push(value.map_or(Cell::Null, $cell));
                }
            }
        }};
    }
    match get_column_reader(column.column_descr_ptr(), Box::new(pages)) {
        ColumnReader::Int32ColumnReader(r) => read!(r, |v| Cell::Whole(i64::from(v))),
        ColumnReader::Int64ColumnReader(r) => read!(r, Cell::Whole),
        ColumnReader::FloatColumnReader(r) => read!(r, |v| Cell::Number(f64::from(v))),
        ColumnReader::DoubleColumnReader(r) => read!(r, Cell::Number),
        ColumnReader::ByteArrayColumnReader(r) => read!(r, |v| Cell::Text(v.data().to_vec())),
        _ => {
            return Err(PartError::Format(format!(
                "column `{}` is of a type that is not read",
                column.column_path().string()
            )));
        }
    }
    Ok(out)
}

/// A piece of the file as the reader of pages wants it: at the places of the whole.
struct Piece {
    start: u64,
    bytes: Bytes,
}

impl Length for Piece {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl Piece {
    fn from(&self, start: u64) -> Result<usize, ParquetError> {
        start
            .checked_sub(self.start)
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n <= self.bytes.len())
            .ok_or_else(|| ParquetError::EOF("outside of the piece".to_owned()))
    }
}

impl ChunkReader for Piece {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.bytes.slice(self.from(start)?..).reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let from = self.from(start)?;
        let to = from
            .checked_add(length)
            .filter(|to| *to <= self.bytes.len())
            .ok_or_else(|| ParquetError::EOF("outside of the piece".to_owned()))?;
        Ok(self.bytes.slice(from..to))
    }
}
