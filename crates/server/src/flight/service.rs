//! The calls: statements, prepared statements, and what drivers ask when they connect.

use super::about;
use super::listen::told;
use super::prepared::Prepared;
use crate::App;
use crate::http::{Caller, Problem, presented};
use crate::statements::{self, Asked};
use arrow_flight::decode::FlightRecordBatchStream;
use arrow_flight::encode::FlightDataEncoderBuilder;
use arrow_flight::error::FlightError;
use arrow_flight::flight_service_server::FlightService;
use arrow_flight::sql::server::{FlightSqlService, PeekableFlightDataStream};
use arrow_flight::sql::{
    ActionClosePreparedStatementRequest, ActionCreatePreparedStatementRequest,
    ActionCreatePreparedStatementResult, CommandGetCatalogs, CommandGetDbSchemas, CommandGetSqlInfo,
    CommandGetTableTypes, CommandGetTables, CommandGetXdbcTypeInfo, CommandPreparedStatementQuery,
    CommandPreparedStatementUpdate, CommandStatementQuery, CommandStatementUpdate,
    DoPutPreparedStatementResult, ProstMessageExt, SqlInfo, TicketStatementQuery,
};
use arrow_flight::{
    Action, FlightDescriptor, FlightEndpoint, FlightInfo, HandshakeRequest, HandshakeResponse, Ticket,
};
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use warehouse::statement::{RecordBatch, Rows, SchemaRef, Statement};

/// Seconds a statement may take, as a caller may send it.
const SECONDS: &str = "isocenter-seconds";
/// Which version of the facts is asked, and which was read.
const FACTS: &str = "isocenter-facts";
/// The release whose tables are asked instead of the facts.
const RELEASE: &str = "isocenter-release";

type Sent<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;
type Got = Result<Response<<Service as FlightService>::DoGetStream>, Status>;

/// What answers at the door.
pub(super) struct Service {
    app: Arc<App>,
    prepared: Prepared,
}

/// What a ticket names: a statement, over the version of the facts that it was described for.
#[derive(Serialize, Deserialize)]
struct Named {
    sql: String,
    facts: i64,
    release: Option<String>,
}

impl Service {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self { app, prepared: Prepared::new() }
    }

    /// The tables the caller may ask; the rest of what drivers look for says nothing of anybody, and needs no more.
    async fn looks_around<T>(&self, request: &Request<T>) -> Result<Vec<(String, SchemaRef)>, Status> {
        let release = word(request, RELEASE)?;
        let tables = statements::tables(&self.app, caller(request)?, release.as_deref()).await;
        tables.map_err(|problem| told(&problem))
    }

    /// Where an answer is fetched that says what there is.
    async fn listed(
        &self,
        request: Request<FlightDescriptor>,
        columns: &SchemaRef,
        query: impl ProstMessageExt,
    ) -> Result<Response<FlightInfo>, Status> {
        self.looks_around(&request).await.map(drop)?;
        info(columns, &query, request.into_inner())
    }

    async fn list(&self, request: Request<Ticket>, rows: Result<RecordBatch, FlightError>) -> Got {
        self.looks_around(&request).await.map(drop)?;
        let rows = rows.map_err(|error| told(&Problem::internal(&error)))?;
        Ok(sent(rows.schema(), stream::once(async { Ok(rows) })))
    }

    async fn describe<T>(
        &self,
        request: &Request<T>,
        asked: Asked,
    ) -> Result<warehouse::statement::Described, Status> {
        let caller = caller(request)?;
        statements::describe(&self.app, caller, asked).await.map_err(|problem| told(&problem))
    }

    async fn answer(&self, request: &Request<Ticket>, asked: Asked) -> Got {
        let seconds = number(request, SECONDS)?.and_then(|seconds| u64::try_from(seconds).ok());
        let rows = statements::open(&self.app, caller(request)?, asked, seconds).await;
        let rows = rows.map_err(|problem| told(&problem))?;
        let (facts, columns) = (rows.facts, rows.columns.clone());
        // A stream that is dropped, as when the caller goes away, ends the question.
        let batches = stream::unfold(rows, |mut rows: Rows| async {
            let next = rows.next().await?;
            Some((next.map_err(|error| told(&Problem::from(error))), rows))
        });
        let mut answer = sent(columns, batches);
        answer.metadata_mut().insert(FACTS, facts.into());
        Ok(answer)
    }
}

/// The caller that was found at the door.
fn caller<T>(request: &Request<T>) -> Result<&Caller, Status> {
    request.extensions().get::<Caller>().ok_or_else(|| told(&Problem::unauthorized()))
}

fn number<T>(request: &Request<T>, name: &str) -> Result<Option<i64>, Status> {
    let Some(value) = request.metadata().get(name) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    number
        .map(Some)
        .ok_or_else(|| Status::invalid_argument(format!("The header {name} takes a whole number.")))
}

fn word<T>(request: &Request<T>, name: &str) -> Result<Option<String>, Status> {
    let Some(value) = request.metadata().get(name) else { return Ok(None) };
    let word = value.to_str().map(|text| text.trim().to_owned());
    word.map(Some).map_err(|_| Status::invalid_argument(format!("The header {name} takes a plain word.")))
}

/// What a driver asks, as the call says it.
fn asked<T>(request: &Request<T>, sql: String) -> Result<Asked, Status> {
    let statement = Statement { sql, facts: number(request, FACTS)?, ..Statement::default() };
    Ok(Asked { release: word(request, RELEASE)?, statement })
}

/// Where rows of some columns are fetched: here, by a ticket.
fn info(
    columns: &SchemaRef,
    ticket: &impl ProstMessageExt,
    descriptor: FlightDescriptor,
) -> Result<Response<FlightInfo>, Status> {
    let ticket = Ticket::new(ticket.as_any().encode_to_vec());
    let info = FlightInfo::new()
        .try_with_schema(columns)
        .map_err(|error| told(&Problem::internal(&error)))?
        .with_endpoint(FlightEndpoint::new().with_ticket(ticket))
        .with_descriptor(descriptor);
    Ok(Response::new(info))
}

/// Rows as they go out, a batch at a time.
fn sent(
    columns: SchemaRef,
    batches: impl Stream<Item = Result<RecordBatch, Status>> + Send + 'static,
) -> Response<<Service as FlightService>::DoGetStream> {
    let batches = batches.map_err(|status| FlightError::Tonic(Box::new(status)));
    let data = FlightDataEncoderBuilder::new().with_schema(columns).build(batches);
    Response::new(Box::pin(data.map_err(Status::from)))
}

#[tonic::async_trait]
impl FlightSqlService for Service {
    type FlightService = Self;

    /// A name and a token, as drivers send them when they have a user and a password: the token is what they go on with.
    async fn do_handshake(
        &self,
        request: Request<Streaming<HandshakeRequest>>,
    ) -> Result<Response<Sent<HandshakeResponse>>, Status> {
        let headers = request.metadata().as_ref();
        let token = presented(headers).ok_or_else(|| told(&Problem::unauthorized()))?;
        let bearer = format!("Bearer {}", token.reveal());
        let bearer = bearer.parse().map_err(|_| told(&Problem::unauthorized()))?;
        let answer = HandshakeResponse { protocol_version: 0, payload: token.reveal().to_owned().into() };
        let mut answer: Response<Sent<_>> = Response::new(Box::pin(stream::once(async { Ok(answer) })));
        answer.metadata_mut().insert("authorization", bearer);
        Ok(answer)
    }

    async fn get_flight_info_statement(
        &self,
        query: CommandStatementQuery,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        let asked = asked(&request, query.query)?;
        let described = self.describe(&request, asked.clone()).await?;
        let named = Named { sql: asked.statement.sql, facts: described.facts, release: asked.release };
        let named = serde_json::to_vec(&named).map_err(|error| told(&Problem::internal(&error)))?;
        let ticket = TicketStatementQuery { statement_handle: named.into() };
        info(&described.columns, &ticket, request.into_inner())
    }

    async fn do_get_statement(&self, ticket: TicketStatementQuery, request: Request<Ticket>) -> Got {
        let named: Named = serde_json::from_slice(&ticket.statement_handle)
            .map_err(|_| Status::invalid_argument("This is no ticket of ours."))?;
        // Version 0 is that before anything was written.
        let facts = (named.facts > 0).then_some(named.facts);
        let statement = Statement { sql: named.sql, facts, ..Statement::default() };
        self.answer(&request, Asked { release: named.release, statement }).await
    }

    async fn do_action_create_prepared_statement(
        &self,
        query: ActionCreatePreparedStatementRequest,
        request: Request<Action>,
    ) -> Result<ActionCreatePreparedStatementResult, Status> {
        let asked = asked(&request, query.query)?;
        let described = self.describe(&request, asked.clone()).await?;
        let written =
            |columns: &SchemaRef| FlightInfo::new().try_with_schema(columns).map(|info| info.schema);
        let failed = |error| told(&Problem::internal(&error));
        let handle = self.prepared.keep(caller(&request)?, asked);
        Ok(ActionCreatePreparedStatementResult {
            prepared_statement_handle: handle.into(),
            dataset_schema: written(&described.columns).map_err(failed)?,
            parameter_schema: written(&described.parameters).map_err(failed)?,
        })
    }

    async fn do_put_prepared_statement_query(
        &self,
        query: CommandPreparedStatementQuery,
        request: Request<PeekableFlightDataStream>,
    ) -> Result<DoPutPreparedStatementResult, Status> {
        let caller = caller(&request)?.clone();
        let data = request.into_inner().map_err(|status| FlightError::Tonic(Box::new(status)));
        let mut batches = FlightRecordBatchStream::new_from_flight_data(data);
        let values = batches.next().await.transpose().map_err(Status::from)?;
        let Some(values) = values else {
            return Err(Status::invalid_argument("There is no row of parameters."));
        };
        if batches.next().await.is_some() {
            return Err(Status::invalid_argument(
                "A statement takes one row of parameters at a time: ask once for each row.",
            ));
        }
        self.prepared.bind(&caller, &query.prepared_statement_handle, values)?;
        Ok(DoPutPreparedStatementResult { prepared_statement_handle: Some(query.prepared_statement_handle) })
    }

    async fn get_flight_info_prepared_statement(
        &self,
        query: CommandPreparedStatementQuery,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        let asked = self.prepared.find(caller(&request)?, &query.prepared_statement_handle)?;
        let described = self.describe(&request, asked).await?;
        info(&described.columns, &query, request.into_inner())
    }

    async fn do_get_prepared_statement(
        &self,
        query: CommandPreparedStatementQuery,
        request: Request<Ticket>,
    ) -> Got {
        let asked = self.prepared.find(caller(&request)?, &query.prepared_statement_handle)?;
        self.answer(&request, asked).await
    }

    async fn do_action_close_prepared_statement(
        &self,
        query: ActionClosePreparedStatementRequest,
        request: Request<Action>,
    ) -> Result<(), Status> {
        self.prepared.close(caller(&request)?, &query.prepared_statement_handle)
    }

    async fn do_put_statement_update(
        &self,
        _: CommandStatementUpdate,
        _: Request<PeekableFlightDataStream>,
    ) -> Result<i64, Status> {
        Err(about::reads_only())
    }

    async fn do_put_prepared_statement_update(
        &self,
        _: CommandPreparedStatementUpdate,
        _: Request<PeekableFlightDataStream>,
    ) -> Result<i64, Status> {
        Err(about::reads_only())
    }

    async fn get_flight_info_catalogs(
        &self,
        query: CommandGetCatalogs,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.into_builder().schema(), query).await
    }

    async fn do_get_catalogs(&self, query: CommandGetCatalogs, request: Request<Ticket>) -> Got {
        self.list(request, about::catalogs(query)).await
    }

    async fn get_flight_info_schemas(
        &self,
        query: CommandGetDbSchemas,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.clone().into_builder().schema(), query).await
    }

    async fn do_get_schemas(&self, query: CommandGetDbSchemas, request: Request<Ticket>) -> Got {
        self.list(request, about::schemas(query)).await
    }

    async fn get_flight_info_tables(
        &self,
        query: CommandGetTables,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.clone().into_builder().schema(), query).await
    }

    async fn do_get_tables(&self, query: CommandGetTables, request: Request<Ticket>) -> Got {
        let tables = self.looks_around(&request).await?;
        let rows = about::tables(query, &tables).map_err(|error| told(&Problem::internal(&error)))?;
        Ok(sent(rows.schema(), stream::once(async { Ok(rows) })))
    }

    async fn get_flight_info_table_types(
        &self,
        query: CommandGetTableTypes,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.into_builder().schema(), query).await
    }

    async fn do_get_table_types(&self, query: CommandGetTableTypes, request: Request<Ticket>) -> Got {
        self.list(request, about::table_types(query)).await
    }

    async fn get_flight_info_sql_info(
        &self,
        query: CommandGetSqlInfo,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.clone().into_builder(&about::SERVER).schema(), query).await
    }

    async fn do_get_sql_info(&self, query: CommandGetSqlInfo, request: Request<Ticket>) -> Got {
        self.list(request, query.into_builder(&about::SERVER).build()).await
    }

    async fn get_flight_info_xdbc_type_info(
        &self,
        query: CommandGetXdbcTypeInfo,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        self.listed(request, &query.into_builder(&about::TYPES).schema(), query).await
    }

    async fn do_get_xdbc_type_info(&self, query: CommandGetXdbcTypeInfo, request: Request<Ticket>) -> Got {
        self.list(request, query.into_builder(&about::TYPES).build()).await
    }

    /// What the server says of itself does not change: see [`about::SERVER`].
    async fn register_sql_info(&self, _: i32, _: &SqlInfo) {}
}
