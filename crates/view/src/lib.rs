//! `view` — What eyes may see: queries, retrieval, frames, thumbnails.
