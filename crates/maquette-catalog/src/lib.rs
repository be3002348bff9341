//! The form of the catalog: small TOML files, one thing a file, each value with source and date.
//! Pure: it turns texts into a checked [`schema::Catalog`]; who reads the files is `maquette-know`.

pub mod schema;
