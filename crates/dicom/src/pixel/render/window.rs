//! VOI windows (PS3.3 §C.11.2.1.2 and §C.11.2.1.3).

/// How a window maps values (VOI LUT Function).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VoiFunction {
    /// LINEAR: centre and width count whole values.
    #[default]
    Linear,
    /// `LINEAR_EXACT`: the ramp is exactly as wide as the window.
    LinearExact,
    /// SIGMOID.
    Sigmoid,
}

impl VoiFunction {
    /// Reads the defined term of (0028,1056), or PS3.18's lower-case form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_uppercase().replace('-', "_").as_str() {
            "LINEAR" => Some(Self::Linear),
            "LINEAR_EXACT" => Some(Self::LinearExact),
            "SIGMOID" => Some(Self::Sigmoid),
            _ => None,
        }
    }
}

/// A window on the output of the Modality LUT, in its unit (Hounsfield for CT).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Window Center.
    pub center: f64,
    /// Window Width, more than 0.
    pub width: f64,
    /// How values map.
    pub function: VoiFunction,
}

impl Window {
    /// A window when the numbers can be one.
    #[must_use]
    pub fn new(center: f64, width: f64, function: VoiFunction) -> Option<Self> {
        let least = if function == VoiFunction::Linear { 1.0 } else { f64::MIN_POSITIVE };
        (center.is_finite() && width.is_finite() && width >= least).then_some(Self {
            center,
            width,
            function,
        })
    }

    /// The window that shows everything between two values.
    #[must_use]
    pub fn between(low: f64, high: f64) -> Self {
        let width = (high - low).max(f64::MIN_POSITIVE);
        Self { center: low + (high - low) / 2.0, width, function: VoiFunction::LinearExact }
    }

    /// Where a value lies, from 0 (lowest) to 1 (highest).
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        let position = match self.function {
            VoiFunction::Linear if self.width > 1.0 => {
                (value - (self.center - 0.5)) / (self.width - 1.0) + 0.5
            }
            VoiFunction::Linear => f64::from(u8::from(value > self.center - 0.5)),
            VoiFunction::LinearExact => (value - self.center) / self.width + 0.5,
            VoiFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - self.center) / self.width).exp()),
        };
        position.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_function_keeps_the_standards_example() {
        // PS3.3 §C.11.2.1.2.1: c=2048, w=4096 maps 0 to the lowest and 4095 to the highest.
        let window = Window::new(2048.0, 4096.0, VoiFunction::Linear).unwrap();
        assert_eq!((window.apply(0.0), window.apply(4095.0)), (0.0, 1.0));
    }

    #[test]
    fn a_window_of_one_is_a_threshold() {
        let window = Window::new(100.0, 1.0, VoiFunction::Linear).unwrap();
        assert_eq!((window.apply(99.0), window.apply(100.0)), (0.0, 1.0));
    }

    #[test]
    fn impossible_windows_are_not_made() {
        assert!(Window::new(0.0, 0.0, VoiFunction::Linear).is_none());
        assert!(Window::new(f64::NAN, 1.0, VoiFunction::Linear).is_none());
    }

    #[test]
    fn sigmoid_is_half_at_its_centre() {
        let window = Window::new(40.0, 400.0, VoiFunction::Sigmoid).unwrap();
        assert!((window.apply(40.0) - 0.5).abs() < 1e-9);
    }
}
