-- What arrived lately is asked for by every first page.
CREATE INDEX exam_source_by_last ON exam_source (last_at);
