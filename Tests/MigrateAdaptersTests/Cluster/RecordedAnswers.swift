@testable import MigrateAdapters

/// Answers as they came from Kubernetes 1.20 through `kubectl proxy` 1.37, and others as its source
/// has them.
enum RecordedAnswers {
  static let alreadyExists = answer(
    409, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""deployments.apps \"web\" already exists","reason":"AlreadyExists","details":{"#,
      #""name":"web","group":"apps","kind":"deployments"},"code":409}"#,
    ])
  static let notFound = answer(
    404, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""deployments.apps \"none\" not found","reason":"NotFound","details":{"name":"n"#,
      #"one","group":"apps","kind":"deployments"},"code":404}"#,
    ])
  static let noSuchGroup = answer(
    404, "text/plain; charset=utf-8",
    [
      #"404 page not found"#
    ])
  static let noSuchResource = answer(
    404, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""the server could not find the requested resource","reason":"NotFound","detail"#,
      #"s":{},"code":404}"#,
    ])
  static let badRequest = answer(
    400, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""the object provided is unrecognized (must be of type Deployment): couldn't ge"#,
      #"t version/kind; json parse error: unexpected end of JSON input ({)","reason":""#,
      #"BadRequest","code":400}"#,
    ])
  static let failedTest = answer(
    422, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""the server rejected our request due to an error in our request","reason":"Inv"#,
      #"alid","details":{},"code":422}"#,
    ])
  static let conflict = answer(
    409, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Operation cannot be fulfilled on deployments.apps \"web\": the object has bee"#,
      #"n modified; please apply your changes to the latest version and try again","re"#,
      #"ason":"Conflict","details":{"name":"web","group":"apps","kind":"deployments"},"#,
      #""code":409}"#,
    ])
  static let invalid = answer(
    422, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Deployment.apps \"web\" is invalid: [spec.replicas: Invalid value: -1: must b"#,
      #"e greater than or equal to 0, spec.template.spec.containers[0].name: Invalid v"#,
      #"alue: \"Bad Name\": a lowercase RFC 1123 label must consist of lower case alph"#,
      #"anumeric characters or '-', and must start and end with an alphanumeric charac"#,
      #"ter (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a"#,
      #"-z0-9]*[a-z0-9])?'), spec.template.spec.containers[0].image: Required value]","#,
      #""reason":"Invalid","details":{"name":"web","group":"apps","kind":"Deployment","#,
      #""causes":[{"reason":"FieldValueInvalid","message":"Invalid value: -1: must be "#,
      #"greater than or equal to 0","field":"spec.replicas"},{"reason":"FieldValueInva"#,
      #"lid","message":"Invalid value: \"Bad Name\": a lowercase RFC 1123 label must c"#,
      #"onsist of lower case alphanumeric characters or '-', and must start and end wi"#,
      #"th an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for va"#,
      #"lidation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')","field":"spec.template.spec.cont"#,
      #"ainers[0].name"},{"reason":"FieldValueRequired","message":"Required value","fi"#,
      #"eld":"spec.template.spec.containers[0].image"}]},"code":422}"#,
    ])
  static let immutable = answer(
    422, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Deployment.apps \"web\" is invalid: [spec.template.metadata.labels: Invalid v"#,
      #"alue: map[string]string{\"app\":\"web\"}: `selector` does not match template `"#,
      #"labels`, spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string"#,
      #"]string{\"app\":\"other\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil"#,
      #")}: field is immutable]","reason":"Invalid","details":{"name":"web","group":"a"#,
      #"pps","kind":"Deployment","causes":[{"reason":"FieldValueInvalid","message":"In"#,
      #"valid value: map[string]string{\"app\":\"web\"}: `selector` does not match tem"#,
      #"plate `labels`","field":"spec.template.metadata.labels"},{"reason":"FieldValue"#,
      #"Invalid","message":"Invalid value: v1.LabelSelector{MatchLabels:map[string]str"#,
      #"ing{\"app\":\"other\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: "#,
      #"field is immutable","field":"spec.selector"}]},"code":422}"#,
    ])
  static let fieldConflicts = answer(
    409, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Apply failed with 4 conflicts: conflicts with \"helm\" using apps/v1:\n- .spe"#,
      #"c.replicas\n- .spec.template.spec.containers[name=\"backbone\"].image\nconflic"#,
      #"ts with \"kubectl-set\" using apps/v1:\n- .spec.template.spec.containers[name="#,
      #"\"backbone\"].env[name=\"B\"].value\n- .spec.template.spec.containers[name=\"b"#,
      #"ackbone\"].env[name=\"B\"].value","reason":"Conflict","details":{"causes":[{"r"#,
      #"eason":"FieldManagerConflict","message":"conflict with \"helm\" using apps/v1""#,
      #","field":".spec.replicas"},{"reason":"FieldManagerConflict","message":"conflic"#,
      #"t with \"helm\" using apps/v1","field":".spec.template.spec.containers[name=\""#,
      #"backbone\"].image"},{"reason":"FieldManagerConflict","message":"conflict with "#,
      #"\"kubectl-set\" using apps/v1","field":".spec.template.spec.containers[name=\""#,
      #"backbone\"].env[name=\"B\"].value"},{"reason":"FieldManagerConflict","message""#,
      #":"conflict with \"kubectl-set\" using apps/v1","field":".spec.template.spec.co"#,
      #"ntainers[name=\"backbone\"].env[name=\"B\"].value"}]},"code":409}"#,
    ])
  static let unsupportedMediaType = answer(
    415, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""415: Unsupported Media Type","reason":"UnsupportedMediaType","details":{},"co"#,
      #"de":415}"#,
    ])
  static let methodNotAllowed = answer(
    405, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""the server does not allow this method on the requested resource","reason":"Me"#,
      #"thodNotAllowed","details":{},"code":405}"#,
    ])
  static let tooLarge = answer(
    413, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Request entity too large: limit is 3145728","reason":"RequestEntityTooLarge","#,
      #""code":413}"#,
    ])
  static let forbidden = answer(
    403, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""deployments.apps \"web\" is forbidden: User \"limited\" cannot get resource \"#,
      #""deployments\" in API group \"apps\" in the namespace \"mqtt\"","reason":"Forb"#,
      #"idden","details":{"name":"web","group":"apps","kind":"deployments"},"code":403"#,
      #"}"#,
    ])
  static let forbiddenPatch = answer(
    403, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""deployments.apps \"web\" is forbidden: User \"limited\" cannot patch resource"#,
      #" \"deployments\" in API group \"apps\" in the namespace \"mqtt\"","reason":"Fo"#,
      #"rbidden","details":{"name":"web","group":"apps","kind":"deployments"},"code":4"#,
      #"03}"#,
    ])
  static let quota = answer(
    403, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""configmaps \"c3\" is forbidden: exceeded quota: q, requested: count/configmap"#,
      #"s=1, used: count/configmaps=1, limited: count/configmaps=1","reason":"Forbidde"#,
      #"n","details":{"name":"c3","kind":"configmaps"},"code":403}"#,
    ])
  static let unauthorized = answer(
    401, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#,
      #""Unauthorized","reason":"Unauthorized","code":401}"#,
    ])
  static let serverIsAway = answer(
    500, "text/plain; charset=utf-8",
    [
      #"dial tcp 127.0.0.1:1: connect: connection refused"#
    ])
  static let loginFailed = answer(
    500, "text/plain; charset=utf-8",
    [
      #"getting credentials: exec: executable false failed with exit code 1"#
    ])
  static let eof = answer(500, "text/plain; charset=utf-8", ["EOF"])
  static let tooMany = answer(
    429, "text/plain; charset=utf-8", ["Too many requests, please try again later."],
    retryAfter: "7")
  static let etcd = answer(
    500, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#,
      #""message":"etcdserver: request timed out","code":500}"#,
    ])
  static let serverTimeout = answer(
    504, "application/json",
    [
      #"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Timeout","code":504,"#,
      #""message":"Timeout: request did not complete within 34s","#,
      #""details":{"retryAfterSeconds":3}}"#,
    ])
  static let loadBalancer = answer(502, "text/html", ["<html>\n <b>Bad Gateway</b>\n</html>"])

  private static func answer(
    _ status: Int, _ type: String, _ body: [String], retryAfter: String? = nil
  ) -> HTTPAnswer {
    var headers = ["content-type": type]
    headers["retry-after"] = retryAfter
    return HTTPAnswer(status: status, headers: headers, body: Array(body.joined().utf8))
  }
}
