//! MDM as DocumentReferences, and DiagnosticReports where the document is one of imaging.

use super::content::{Content, compact};
use super::desk::Desk;
use super::group::{self, Group, Numbers};
use super::observation::Under;
use super::report_text::Text;
use super::{coded, identifiers, order, people, report};
use crate::Segment;
use clinical::{Identifier, OrderState, Told};
use serde_json::{Value, json};

/// What the trigger says of the document (table 0003, T01 to T11).
#[derive(Clone, Copy, PartialEq)]
enum Event {
    /// A new one.
    Original,
    /// Only its status has changed.
    Status,
    /// To be added behind its parent.
    Addendum,
    /// A changed version of itself.
    Edit,
    /// It takes the place of its parent.
    Replacement,
    Cancel,
}

fn event(trigger: &str) -> Event {
    match trigger {
        "T03" | "T04" => Event::Status,
        "T05" | "T06" => Event::Addendum,
        "T07" | "T08" => Event::Edit,
        "T09" | "T10" => Event::Replacement,
        "T11" => Event::Cancel,
        _ => Event::Original,
    }
}

/// Reads the message's document.
pub(super) fn read(desk: &mut Desk<'_>) {
    let Some(txa) = desk.one("TXA") else {
        desk.leave("MSH-9", "a document message without TXA", true);
        return;
    };
    desk.take(&txa);
    let group = group(desk);
    let mut numbers = group.numbers();
    identifiers::add(&mut numbers.placer, identifiers::of_ei(txa.field(14), Some("PLAC")));
    identifiers::add(&mut numbers.filler, identifiers::of_ei(txa.field(15), Some("FILL")));
    let own = identifiers::of_ei(txa.field(12), None);
    let parent = identifiers::of_ei(txa.field(13), None);
    let order_keys = numbers.order_keys(desk, &group);
    let mut under = Under::order(&order_keys, None, "imaging", None);
    let (text, results) = report::gather(desk, &group.items, &mut under);
    group.take(desk, &["TQ1", "ZDS", "IPC", "TXA"]);
    let document = Document { txa, event: event(&desk.trigger), own, parent };
    reference(desk, &document, &numbers, &text);
    let ordered = !numbers.placer.is_empty() || !numbers.filler.is_empty();
    let imaging =
        txa.first(2).is_some_and(|kind| kind == "DI" || kind == "RAD") || report::is_imaging(&group);
    if imaging && (group.obr.is_some() || ordered) {
        diagnostic(desk, &document, &group, &numbers, &text, results);
    }
}

struct Document<'m> {
    txa: Segment<'m>,
    event: Event,
    own: Option<Identifier>,
    parent: Option<Identifier>,
}

/// The message's order, with all that follows; without one, all of the message.
fn group<'m>(desk: &Desk<'m>) -> Group<'m> {
    let mut groups = group::groups(desk).into_iter();
    let Some(mut first) = groups.next() else { return Group::without_order(desk.segments()) };
    first.items.extend(groups.flat_map(|group| group.items));
    first
}

fn reference(desk: &mut Desk<'_>, document: &Document<'_>, numbers: &Numbers, text: &Text) {
    let txa = &document.txa;
    let mut made = Content::of("DocumentReference");
    made.list("identifier", document.own.iter().map(Identifier::to_json).collect());
    let cancelled = document.event == Event::Cancel;
    made.put("status", Some(if cancelled { "entered-in-error" } else { "current" }));
    made.put("docStatus", doc_status(txa));
    made.put("type", coded::of_table(txa.field(2), "0270"));
    made.put("subject", desk.subject());
    made.put("date", [7, 6, 4, 8].into_iter().find_map(|number| desk.moment(txa, number)).map(String::from));
    let authors = [9, 5].into_iter().flat_map(|number| txa.field(number).repeats().take(10));
    made.list("author", authors.filter_map(people::person).collect());
    made.put("authenticator", people::person(txa.field(22)));
    made.put("description", txa.field(16).text());
    made.list("relatesTo", relations(document));
    let attachments: Vec<_> =
        text.attachments().into_iter().map(|form| json!({"attachment": form})).collect();
    let complete = !attachments.is_empty();
    made.list("content", attachments);
    made.put("context", context(desk, numbers));
    let alone = document.parent.is_none() || document.parent == document.own;
    let told = match document.event {
        Event::Addendum if alone => Told::Added,
        _ if complete => Told::Whole,
        _ => Told::Change,
    };
    let mut keys: Vec<_> = document.own.iter().cloned().collect();
    if keys.is_empty() {
        keys = desk.derived(
            "TXA",
            &[txa.field(1).raw(), txa.field(2).raw(), txa.field(4).raw(), txa.field(6).raw()],
        );
    }
    desk.record(&txa.place(), keys, made, told);
}

/// TXA-17, table 0271.
fn doc_status(txa: &Segment<'_>) -> Option<&'static str> {
    Some(match txa.first(17)?.as_str() {
        "AU" | "LA" => "final",
        "DI" | "DO" | "IP" | "IN" | "PA" => "preliminary",
        _ => return None,
    })
}

fn relations(document: &Document<'_>) -> Vec<Value> {
    let code = match document.event {
        Event::Addendum => "appends",
        Event::Replacement | Event::Edit => "replaces",
        _ => "transforms",
    };
    let parent = document.parent.iter().filter(|parent| Some(*parent) != document.own.as_ref());
    let related = matches!(document.event, Event::Addendum | Event::Replacement | Event::Edit);
    let parent = parent.filter(|_| related);
    parent.map(|parent| json!({"code": code, "target": parent.refer("DocumentReference")})).collect()
}

fn context(desk: &Desk<'_>, numbers: &Numbers) -> Option<Value> {
    let encounter = desk.encounter().filter(|_| desk.visit.is_some()).map(|visit| [visit]);
    let related = report::references(numbers);
    let studies = numbers.studies.iter().map(|uid| report::imaging_study(uid));
    let related: Vec<_> = related.into_iter().chain(studies).collect();
    compact(json!({"encounter": encounter, "related": (!related.is_empty()).then_some(related)}))
}

/// The same as a report of its order.
fn diagnostic(
    desk: &mut Desk<'_>,
    document: &Document<'_>,
    group: &Group<'_>,
    numbers: &Numbers,
    text: &Text,
    results: Vec<Value>,
) {
    let cancelled = document.event == Event::Cancel;
    let state = if cancelled { OrderState::Performed } else { OrderState::Reported };
    let place = document.txa.place();
    order::reported(desk, &place, group, numbers, state, "completed");
    let effective = group.obr.and_then(|obr| desk.moment(&obr, 7)).map(|moment| String::from(moment).into());
    let mut report = report::head(desk, group, numbers, report::references(numbers), effective);
    if !report.has("issued") {
        report.put(
            "issued",
            [22, 7, 8].into_iter().find_map(|number| desk.moment(&document.txa, number)).map(String::from),
        );
    }
    report.put("status", Some(report_status(document, text)));
    report.list("result", results);
    report::put_text(&mut report, text);
    let told = match document.event {
        Event::Addendum => Told::Added,
        _ if text.attachments().is_empty() => Told::Change,
        _ => Told::Whole,
    };
    desk.record(&place, report_keys(desk, document, group, numbers), report, told);
}

/// The order's filler number first: it stays the same through every version of the document.
fn report_keys(
    desk: &Desk<'_>,
    document: &Document<'_>,
    group: &Group<'_>,
    numbers: &Numbers,
) -> Vec<Identifier> {
    let mut keys = report::keys(desk, group, numbers);
    if document.event != Event::Addendum {
        identifiers::add(&mut keys, document.own.clone());
    }
    identifiers::add(&mut keys, document.parent.clone());
    keys
}

fn report_status(document: &Document<'_>, text: &Text) -> &'static str {
    match (document.event, document.txa.first(17).as_deref()) {
        (Event::Cancel, _) => "cancelled",
        (Event::Addendum, _) => "appended",
        (Event::Edit | Event::Replacement, Some("AU" | "LA") | None) => "corrected",
        (_, Some("AU" | "LA")) => "final",
        (_, Some("DI" | "DO" | "IP" | "IN" | "PA")) => "preliminary",
        _ if text.whole().is_none() && text.documents.is_empty() => "unknown",
        _ => "final",
    }
}
