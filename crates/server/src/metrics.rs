//! What `/metrics` tells: counters, gauges and how long requests took, by route template.
//! Nothing here names a person, an exam or an address.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the classes of duration, in seconds.
const BOUNDS: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The process's figures.
#[derive(Debug, Default)]
pub struct Metrics {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    counters: BTreeMap<(&'static str, String), u64>,
    gauges: BTreeMap<&'static str, i64>,
    requests: BTreeMap<String, Durations>,
}

#[derive(Debug, Default)]
struct Durations {
    classes: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Adds to a counter. Names end in `_total`; `labels` are written as Prometheus does, e.g.
    /// `outcome="stored"`, or empty.
    pub fn count(&self, name: &'static str, labels: &str, by: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        *inner.counters.entry((name, labels.to_owned())).or_default() += by;
    }

    /// Sets a gauge.
    pub fn gauge(&self, name: &'static str, value: i64) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).gauges.insert(name, value);
    }

    /// Notes an answered request by its route's template.
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Methods are the caller's text: an unknown one would make a new line for each.
        let method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|m| *m == method);
        let method = method.unwrap_or("other");
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{}xx\"", status / 100);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.requests.entry(labels).or_default().add(took.as_secs_f64());
    }

    /// Everything in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        let mut last = "";
        for ((name, labels), value) in &inner.counters {
            if *name != last {
                let _ = writeln!(text, "# TYPE {name} counter");
                last = name;
            }
            let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
            let _ = writeln!(text, "{name}{labels} {value}");
        }
        for (name, value) in &inner.gauges {
            let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
        }
        text.push_str("# TYPE isocenter_http_request_seconds histogram\n");
        for (labels, durations) in &inner.requests {
            durations.write(labels, &mut text);
        }
        text
    }
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        self.count += 1;
        self.seconds += seconds;
        if let Some(class) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            self.classes[class] += 1;
        }
    }

    fn write(&self, labels: &str, text: &mut String) {
        const NAME: &str = "isocenter_http_request_seconds";
        let mut so_far = 0;
        for (bound, count) in BOUNDS.iter().zip(self.classes) {
            so_far += count;
            let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {so_far}");
        }
        let Self { count, seconds, .. } = self;
        let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "{NAME}_sum{{{labels}}} {seconds}\n{NAME}_count{{{labels}}} {count}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_add_up() {
        let metrics = Metrics::default();
        metrics.count("isocenter_stored_total", "door=\"stow\"", 2);
        metrics.answered("GET", "/api/v1/system", 200, Duration::from_millis(3));
        metrics.answered("GET", "/api/v1/system", 200, Duration::from_secs(60));
        let text = metrics.text();
        let route = "method=\"GET\",route=\"/api/v1/system\",status=\"2xx\"";
        for line in [
            "isocenter_stored_total{door=\"stow\"} 2".to_owned(),
            format!("isocenter_http_request_seconds_bucket{{{route},le=\"0.005\"}} 1"),
            format!("isocenter_http_request_seconds_bucket{{{route},le=\"30\"}} 1"),
            format!("isocenter_http_request_seconds_bucket{{{route},le=\"+Inf\"}} 2"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
