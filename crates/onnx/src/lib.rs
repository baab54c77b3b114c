//! `onnx` — the one door to ONNX Runtime: models that others made, out of files, asked with tensors.
//!
//! The library and the models are files of other people. The library is loaded when the first model is opened; it writes
//! nothing to disk and reaches no network. Knows nothing of pictures or texts.

use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::TensorRef;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The name of the library's file.
pub const LIBRARY: &str = "libonnxruntime.so";

/// A process has one runtime.
static RUNTIME: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// The folder `lib/isocenter` beside the folder the program is in: `/usr/lib/isocenter` for a program in `/usr/bin`.
#[must_use]
pub fn beside_the_program() -> PathBuf {
    let program = std::env::current_exe().and_then(std::fs::canonicalize).unwrap_or_default();
    let above = program.parent().and_then(Path::parent).unwrap_or(Path::new("/usr"));
    above.join("lib/isocenter")
}

/// Why a model can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The library is missing, too old, or another one is loaded already.
    #[error("libonnxruntime.so can't be loaded: version 1.17 or later is needed")]
    Library,
    /// The file is no model, or one the library can't run.
    #[error("the file is not an ONNX model that can be run")]
    Model,
}

/// Why a model gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// What it was asked with does not fit it, or it ended with an error.
    #[error("the model failed")]
    Failed,
    /// Its first answer is no tensor of 32-bit floats.
    #[error("the model's answer can't be read")]
    Unreadable,
}

/// What a model is asked with: a shape and as many values, the last axis running fastest.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// 32-bit floats.
    Floats(&'a [usize], &'a [f32]),
    /// 64-bit integers.
    Integers(&'a [usize], &'a [i64]),
}

/// What a model answers: its first output.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The length of each axis.
    pub shape: Vec<usize>,
    /// The values, the last axis running fastest.
    pub data: Vec<f32>,
}

/// A model that can be asked. It uses one thread: as many can be open as there are threads.
#[derive(Debug)]
pub struct Model {
    session: Session,
    inputs: Vec<String>,
}

impl Model {
    /// Opens a model with a library.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(library: &Path, model: &Path) -> Result<Self, OpenError> {
        let runtime = runtime(library)?;
        let session = opened(&runtime, model).map_err(|_| OpenError::Model)?;
        let inputs = session.inputs().iter().map(|input| input.name().to_owned()).collect();
        Ok(Self { session, inputs })
    }

    /// The names of what it wants to be asked with, in its order.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// Asks it, with its inputs in its order.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn run(&mut self, inputs: &[Input<'_>]) -> Result<Output, RunError> {
        let values: Vec<SessionInputValue<'_>> = inputs.iter().map(value).collect::<Result<_, _>>()?;
        let outputs = self.session.run(values.as_slice()).map_err(|_| RunError::Failed)?;
        let first = outputs.values().next().ok_or(RunError::Unreadable)?;
        let (shape, data) = first.try_extract_tensor::<f32>().map_err(|_| RunError::Unreadable)?;
        let shape = shape.iter().map(|axis| usize::try_from(*axis).unwrap_or_default()).collect();
        Ok(Output { shape, data: data.to_vec() })
    }
}

fn value<'a>(input: &Input<'a>) -> Result<SessionInputValue<'a>, RunError> {
    let value: SessionInputValue<'a> = match *input {
        Input::Floats(shape, data) => {
            TensorRef::from_array_view((shape.to_vec(), data)).map_err(|_| RunError::Failed)?.into()
        }
        Input::Integers(shape, data) => {
            TensorRef::from_array_view((shape.to_vec(), data)).map_err(|_| RunError::Failed)?.into()
        }
    };
    Ok(value)
}

fn runtime(library: &Path) -> Result<Environment, OpenError> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((loaded, environment)) = &*runtime {
        return if loaded == library { Ok(environment.clone()) } else { Err(OpenError::Library) };
    }
    let loaded = ort::init_from(library).map_err(|_| OpenError::Library)?;
    let environment = loaded.with_telemetry(false).build().map_err(|_| OpenError::Library)?;
    *runtime = Some((library.to_owned(), environment.clone()));
    Ok(environment)
}

fn opened(runtime: &Environment, model: &Path) -> ort::Result<Session> {
    let builder = Session::builder(runtime)?.with_intra_threads(1)?.with_inter_threads(1)?;
    builder.with_memory_pattern(false)?.commit_from_file(model)
}
