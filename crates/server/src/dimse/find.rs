//! C-FIND (PS3.4 §C.4.1): an identifier becomes a question to the catalog, its rows become answers.

use super::identifier;
use super::session::{DOOR, Session};
use crate::projects::Room;
use catalog::Query;
use dicom::net::dimse::Status;
use dicom::net::sop_class::Root;
use dicom::net::{Message, NetError};
use dicom::{DataSet, tags};
use govern::{Action, Entry, Grant, authorize};
use model::Timestamp;

/// Rows asked of the catalog at a time.
const PAGE: usize = 500;

/// Bytes of answers that wait to go out together.
const TOGETHER: usize = 32 << 10;

/// Byte of extended negotiation that agrees on combined date-time matching (PS3.4 Table C.5-1).
const COMBINED: usize = 1;

/// Byte of extended negotiation that agrees on fuzzy matching of person names (PS3.4 Table C.5-1).
const FUZZY: usize = 2;

/// A question understood.
struct Question {
    query: Query,
    room: Room,
    grant: Grant,
    level: String,
    identifier: DataSet,
    context: u8,
    syntax: String,
}

impl Question {
    /// The status of a match. A time zone is never agreed on, so one that is given is not used:
    /// dates and times are matched as they are in the instances.
    fn pending(&self) -> Status {
        let zone = self.identifier.text(tags::TIMEZONE_OFFSET_FROM_UTC);
        match zone.is_some_and(|zone| !zone.trim().is_empty()) {
            true => Status::PENDING_SOME_KEYS_IGNORED,
            false => Status::PENDING,
        }
    }
}

impl Session {
    pub(super) async fn find(&mut self, message: Message, root: Root) -> Result<(), NetError> {
        let bytes = self.association.data_set(identifier::LIMIT).await?;
        let mut question = match self.question(&message, root, &bytes).await {
            Ok(question) => question,
            Err((status, why)) => return self.answer(&message, status, why).await,
        };
        let (status, matches) = self.answers(&message, &mut question).await?;
        let entry = Entry::done(&question.grant, DOOR, Timestamp::now())
            .with("aeTitle", self.caller.title.as_str())
            .with("level", question.level)
            .with("matches", matches);
        let recorded = self.door.app.govern.audit.record_soon(entry).await;
        let status = if recorded.is_err() { Status::OUT_OF_RESOURCES } else { status };
        let comment = if status == Status::OUT_OF_RESOURCES { "ask for less" } else { "" };
        self.answer(&message, status, comment).await
    }

    async fn question(
        &self,
        message: &Message,
        root: Root,
        bytes: &bytes::Bytes,
    ) -> Result<Question, (Status, &'static str)> {
        let place = &self.caller.place;
        let grant = authorize(&self.caller.principal, place.action(Action::Query), &place.resource(None))
            .map_err(|_| (Status::NOT_AUTHORIZED, "this peer may not query"))?;
        let unreadable = (Status::CANNOT_UNDERSTAND, "the identifier can't be read");
        let context = self.context(message).ok_or(unreadable)?;
        let identifier = identifier::read(bytes, &context.transfer_syntax).ok_or(unreadable)?;
        let level = identifier.text(tags::QUERY_RETRIEVE_LEVEL).unwrap_or_default().trim().to_owned();
        if !identifier::has_level(root, &level) {
            let why = "the Query/Retrieve Level does not exist in this information model";
            return Err((Status::DATA_SET_MISMATCH, why));
        }
        let mut query = Query::from_identifier(&identifier)
            .map_err(|_| (Status::DATA_SET_MISMATCH, "the Query/Retrieve Level is unknown"))?;
        query.fuzzy = context.agreed(FUZZY);
        query.combined_date_time = context.agreed(COMBINED);
        query.limit = Some(PAGE);
        let syntax = context.transfer_syntax.clone();
        let room = self.room().await?;
        Ok(Question { query, room, grant, level, identifier, context: message.context, syntax })
    }

    /// Sends the matches; gives the final status and how many there were.
    async fn answers(
        &mut self,
        message: &Message,
        question: &mut Question,
    ) -> Result<(Status, u64), NetError> {
        let id = message.command.message_id().unwrap_or(0);
        let most = u64::from(self.door.config().find_limit);
        let mut matches = 0;
        loop {
            let found = match question.room.catalog.query(&question.query).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::error!(%error, "the catalog could not answer a C-FIND");
                    return Ok((Status::CANNOT_UNDERSTAND, matches));
                }
            };
            for row in &found.rows {
                if self.association.is_cancelled(id).await? {
                    self.association.flush().await?;
                    return Ok((Status::CANCEL, matches));
                }
                if matches == most {
                    self.association.flush().await?;
                    return Ok((Status::OUT_OF_RESOURCES, matches));
                }
                matches += 1;
                self.queue_match(message, question, row.data_set.clone()).await?;
            }
            self.association.flush().await?;
            if !found.more || found.rows.is_empty() {
                return Ok((Status::SUCCESS, matches));
            }
            question.query.offset += found.rows.len();
        }
    }

    async fn queue_match(
        &mut self,
        message: &Message,
        question: &Question,
        mut row: DataSet,
    ) -> Result<(), NetError> {
        row.put_text(tags::QUERY_RETRIEVE_LEVEL, &question.level);
        row.put_text(tags::RETRIEVE_AE_TITLE, self.caller.called.as_str());
        if question.identifier.contains(tags::INSTANCE_AVAILABILITY) {
            row.put_text(tags::INSTANCE_AVAILABILITY, "ONLINE");
        }
        let row = identifier::in_charset(row, *question.identifier.charset());
        let bytes = identifier::write(&row, &question.syntax);
        let pending = message.command.respond(question.pending());
        if self.association.queue_with(question.context, pending, &bytes) > TOGETHER {
            self.association.flush().await?;
        }
        Ok(())
    }
}
