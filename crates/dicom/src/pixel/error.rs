//! What can go wrong with pixels, and how large they may be.

/// Why pixels could not be read, written or shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PixelError {
    /// The object has no Pixel Data, Float Pixel Data or Double Float Pixel Data.
    #[error("the object has no pixel data")]
    NoPixelData,
    /// An attribute of the Image Pixel module is absent or has no usable value.
    #[error("{0} is missing or has no usable value")]
    Attribute(&'static str),
    /// The encoding or sample layout is one this product does not read or write.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// The frame would be larger than allowed.
    #[error("a frame of {bytes} bytes exceeds the limit of {limit}")]
    TooLarge {
        /// Bytes the frame would take when decoded.
        bytes: u64,
        /// Bytes allowed, from [`Limits`].
        limit: u64,
    },
    /// The coded data contradicts itself or the header, or ends too early.
    #[error("the {codec} data is damaged: {reason}")]
    Damaged {
        /// The coding the data claims to have.
        codec: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no frame of that number.
    #[error("frame {asked} of {frames} does not exist")]
    NoSuchFrame {
        /// The frame asked for, from 1.
        asked: u32,
        /// How many there are.
        frames: u32,
    },
    /// The fragments can't be assigned to frames: no usable offset table and no start marks.
    #[error("{fragments} fragments can't be assigned to {frames} frames")]
    NotSeparable {
        /// Fragments found.
        fragments: usize,
        /// Frames declared.
        frames: u32,
    },
    /// What was written does not read back equal; the result was thrown away.
    #[error("the {0} form does not read back equal")]
    NotExact(&'static str),
    /// The data set around the pixels could not be read.
    #[error("the data set could not be read")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl PixelError {
    /// A damaged stream of a codec, from anything that tells why.
    pub(crate) fn damaged(codec: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Damaged { codec, reason: reason.to_string() }
    }
}

/// How large pixels may be, so that a few hostile bytes can't take the memory of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one decoded frame.
    pub frame_bytes: u64,
}

impl Default for Limits {
    /// 512 MiB: a 16-bit frame of 16,384 × 16,384; the largest detectors make a tenth of it.
    fn default() -> Self {
        Self { frame_bytes: 512 << 20 }
    }
}
