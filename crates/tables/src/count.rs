//! What became of the rows.

/// How many rows a table had, and what became of them; `rows` is the sum of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// The table.
    pub table: String,
    /// All of them, without the header.
    pub rows: u64,
    /// They became statements.
    pub read: u64,
    /// They are right, and say nothing that is read here.
    pub kept: u64,
    /// Something is wrong with them.
    pub refused: u64,
}

impl Count {
    pub(crate) fn of(table: &str) -> Self {
        Self { table: table.into(), ..Self::default() }
    }

    pub(crate) const fn read(&mut self) {
        self.rows += 1;
        self.read += 1;
    }

    pub(crate) const fn kept(&mut self) {
        self.rows += 1;
        self.kept += 1;
    }

    pub(crate) const fn refused(&mut self) {
        self.rows += 1;
        self.refused += 1;
    }
}
