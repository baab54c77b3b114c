use crate::running::Running;

#[tokio::test]
async fn every_answer_tells_the_browser_to_be_strict() {
    let running = Running::start().await;
    for path in ["/", "/exams/1.2.3", "/api/v1/system", "/api/v1/nothing", "/healthz"] {
        let answer = running.get(path).send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        assert!(header("content-security-policy").unwrap().contains("frame-ancestors"), "{path}");
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy").as_deref(), Some("no-referrer"), "{path}");
        assert!(header("x-request-id").is_some(), "{path}");
        assert_eq!(header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn pages_answer_every_path_but_programs_get_a_404() {
    let running = Running::start().await;
    for (path, status) in [("/", 200), ("/exams", 200), ("/api/v1/nothing", 404), ("/missing.js", 404)] {
        assert_eq!(running.get(path).send().await.unwrap().status(), status, "{path}");
    }
}

#[tokio::test]
async fn the_server_is_alive_and_ready() {
    let running = Running::start().await;
    assert_eq!(running.get("/healthz").send().await.unwrap().text().await.unwrap(), "ok\n");
    assert_eq!(running.get("/readyz").send().await.unwrap().text().await.unwrap(), "ready\n");
}
