//! What drivers ask when they connect: which tables there are, what the server can do, which types it has.

use arrow_flight::error::FlightError;
use arrow_flight::sql::metadata::{
    SqlInfoData, SqlInfoDataBuilder, XdbcTypeInfo, XdbcTypeInfoData, XdbcTypeInfoDataBuilder,
};
use arrow_flight::sql::{
    CommandGetCatalogs, CommandGetDbSchemas, CommandGetTableTypes, CommandGetTables, Nullable, Searchable,
    SqlInfo, SqlSupportedTransaction, XdbcDataType,
};
use std::sync::LazyLock;
use tonic::Status;
use warehouse::engine::{CATALOG, SCHEMA};
use warehouse::statement::{RecordBatch, SchemaRef};

/// The one kind of table.
const TABLE: &str = "TABLE";

/// The refusal of whatever would change something.
pub(super) fn reads_only() -> Status {
    Status::invalid_argument("Statements read the facts and change nothing: ask with SELECT.")
}

pub(super) fn catalogs(query: CommandGetCatalogs) -> Result<RecordBatch, FlightError> {
    let mut rows = query.into_builder();
    rows.append(CATALOG);
    rows.build()
}

pub(super) fn schemas(query: CommandGetDbSchemas) -> Result<RecordBatch, FlightError> {
    let mut rows = query.into_builder();
    rows.append(CATALOG, SCHEMA);
    rows.build()
}

pub(super) fn tables(
    query: CommandGetTables,
    tables: &[(String, SchemaRef)],
) -> Result<RecordBatch, FlightError> {
    let mut rows = query.into_builder();
    for (name, schema) in tables {
        rows.append(CATALOG, SCHEMA, name, TABLE, schema)?;
    }
    rows.build()
}

pub(super) fn table_types(query: CommandGetTableTypes) -> Result<RecordBatch, FlightError> {
    let mut rows = query.into_builder();
    rows.append(TABLE);
    rows.build()
}

/// What the server says of itself.
#[expect(clippy::expect_used, reason = "constants")]
pub(super) static SERVER: LazyLock<SqlInfoData> = LazyLock::new(|| {
    let mut says = SqlInfoDataBuilder::new();
    says.append(SqlInfo::FlightSqlServerName, "Isocenter");
    says.append(SqlInfo::FlightSqlServerVersion, env!("CARGO_PKG_VERSION"));
    says.append(SqlInfo::FlightSqlServerArrowVersion, "1.5");
    says.append(SqlInfo::FlightSqlServerReadOnly, true);
    says.append(SqlInfo::FlightSqlServerSql, true);
    says.append(SqlInfo::FlightSqlServerSubstrait, false);
    says.append(SqlInfo::FlightSqlServerTransaction, SqlSupportedTransaction::None as i32);
    says.append(SqlInfo::FlightSqlServerCancel, false);
    says.append(SqlInfo::FlightSqlServerBulkIngestion, false);
    says.append(SqlInfo::SqlDdlCatalog, false);
    says.append(SqlInfo::SqlDdlSchema, false);
    says.append(SqlInfo::SqlDdlTable, false);
    says.append(SqlInfo::SqlIdentifierQuoteChar, "\"");
    says.build().expect("values of the types that are meant")
});

/// The types that columns have.
#[expect(clippy::expect_used, reason = "constants")]
pub(super) static TYPES: LazyLock<XdbcTypeInfoData> = LazyLock::new(|| {
    let mut types = XdbcTypeInfoDataBuilder::new();
    for (name, of, size, quoted) in [
        ("BIGINT", XdbcDataType::XdbcBigint, Some(19), false),
        ("INTEGER", XdbcDataType::XdbcInteger, Some(10), false),
        ("DOUBLE", XdbcDataType::XdbcDouble, Some(15), false),
        ("VARCHAR", XdbcDataType::XdbcVarchar, None, true),
        ("DATE", XdbcDataType::XdbcDate, Some(10), true),
        ("TIMESTAMP", XdbcDataType::XdbcTimestamp, Some(26), true),
    ] {
        let quote = quoted.then(|| "'".to_owned());
        types.append(XdbcTypeInfo {
            type_name: name.into(),
            data_type: of,
            column_size: size,
            literal_prefix: quote.clone(),
            literal_suffix: quote,
            create_params: None,
            nullable: Nullable::NullabilityNullable,
            case_sensitive: quoted,
            searchable: Searchable::Full,
            unsigned_attribute: (!quoted).then_some(false),
            fixed_prec_scale: false,
            auto_increment: None,
            local_type_name: Some(name.into()),
            minimum_scale: None,
            maximum_scale: None,
            sql_data_type: of,
            datetime_subcode: None,
            num_prec_radix: (!quoted).then_some(10),
            interval_precision: None,
        });
    }
    types.build().expect("values of the types that are meant")
});
