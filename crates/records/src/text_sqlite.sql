CREATE VIRTUAL TABLE report_text USING fts5(words, content = '', contentless_delete = 1, tokenize = 'unicode61');
