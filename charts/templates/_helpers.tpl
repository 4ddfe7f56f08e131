{{/* Names */}}

{{- define "backbone.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "backbone.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Names of Services. They may not contain dots, which names of releases may. */}}
{{- define "backbone.httpServiceName" -}}
{{- .Values.service.http.name | default (include "backbone.fullname" . | replace "." "-") }}
{{- end }}

{{- define "backbone.tcpServiceName" -}}
{{- $base := include "backbone.fullname" . | replace "." "-" | trunc 59 | trimSuffix "-" }}
{{- .Values.service.tcp.name | default (printf "%s-tcp" $base) }}
{{- end }}

{{- define "backbone.claimName" -}}
{{- $new := printf "%s-data" (include "backbone.fullname" . | trunc 58 | trimSuffix "-") }}
{{- .Values.persistence.existingClaim | default $new }}
{{- end }}

{{- define "backbone.serviceAccountName" -}}
{{- $default := ternary (include "backbone.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $default }}
{{- end }}

{{/*
The Role's name. One for the whole cluster contains the namespace, and a colon, which neither part can contain: so
releases in different namespaces never meet.
*/}}
{{- define "backbone.roleName" -}}
{{- $fullname := include "backbone.fullname" . }}
{{- ternary (printf "%s:%s" .Release.Namespace $fullname) $fullname .Values.rbac.clusterWide }}
{{- end }}

{{- define "backbone.image" -}}
{{- $image := .Values.image }}
{{- $tag := $image.tag }}
{{- if not (or $tag $image.digest) }}
{{- $tag = .Chart.AppVersion }}
{{- end }}
{{- $image.repository }}
{{- with $tag }}{{ printf ":%s" . }}{{ end }}
{{- with $image.digest }}{{ printf "@%s" . }}{{ end }}
{{- end }}

{{/* Text and YAML */}}

{{/*
A value as text. Numbers reach a template as floats, even whole ones: 12345678 must not become 1.2345678e+07. Text
passes as it is.
*/}}
{{- define "backbone.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else if not (kindIs "invalid" .) }}{{ . }}{{ end -}}
{{- end }}

{{/* A map of text to text, whatever is in it. */}}
{{- define "backbone.map" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- $lines = append $lines (printf "%s: %s" ($key | quote) (include "backbone.text" $value | quote)) }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/*
A value as YAML, as it is. toYaml returns nothing when the value contains a control character; saying so is better
than leaving out what was asked for.
*/}}
{{- define "backbone.yaml" -}}
{{- $yaml := toYaml . }}
{{- if not $yaml }}
{{- fail (printf "a value contains control characters that YAML cannot carry: %.60q" (toString .)) }}
{{- end }}
{{- $yaml }}
{{- end }}

{{/* Labels and annotations */}}

{{- define "backbone.selectorLabels" -}}
{{- if .Values.selectorLabels }}
{{- include "backbone.map" .Values.selectorLabels }}
{{- else }}
{{- include "backbone.map" (dict
  "app.kubernetes.io/name" (include "backbone.name" .)
  "app.kubernetes.io/instance" .Release.Name) }}
{{- end }}
{{- end }}

{{/* The labels of every object: dict "root" $ "labels" further ones of the object. */}}
{{- define "backbone.labels" -}}
{{- $root := .root }}
{{- $labels := dict
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/name" (include "backbone.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/version" ($root.Chart.AppVersion | toString) }}
{{- range list $root.Values.commonLabels .labels $root.Values.selectorLabels }}
{{- range $key, $value := . }}{{ $_ := set $labels $key $value }}{{ end }}
{{- end }}
{{- $_ := set $labels "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- include "backbone.map" $labels }}
{{- end }}

{{/*
The labels of Pods. Those that name the chart's version are left out, so that a new version of the chart that changes
nothing restarts nothing. Those that the selector looks for cannot be replaced.
*/}}
{{- define "backbone.podLabels" -}}
{{- $fixed := dict
  "app.kubernetes.io/name" (include "backbone.name" .)
  "app.kubernetes.io/instance" .Release.Name }}
{{- $selector := .Values.selectorLabels | default $fixed }}
{{- $labels := dict }}
{{- range list $fixed .Values.commonLabels .Values.podLabels $selector }}
{{- range $key, $value := . }}{{ $_ := set $labels $key $value }}{{ end }}
{{- end }}
{{- include "backbone.map" $labels }}
{{- end }}

{{/* "annotations:" and what belongs there, or nothing: list of maps, later ones win. */}}
{{- define "backbone.annotations" -}}
{{- $annotations := dict }}
{{- range . }}
{{- range $key, $value := . }}{{ $_ := set $annotations $key $value }}{{ end }}
{{- end }}
{{- with $annotations -}}
annotations:
  {{- include "backbone.map" . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What the broker will see */}}

{{/*
The text that a variable of the chart will have: dict "extra" the entries of extraEnv by name "name" NAME "value" the
chart's own. Nothing when it comes from a reference, which cannot be known here.
*/}}
{{- define "backbone.effective" -}}
{{- with get .extra .name }}
{{- if not .valueFrom }}{{ include "backbone.text" .value }}{{ end }}
{{- else }}
{{- include "backbone.text" .value }}
{{- end }}
{{- end }}

{{/*
Which listeners are on, and where: JSON. A flag is on when its text is exactly `true`. A port that is not known is
taken from config, for the container and the Services; no probe is made from it.
*/}}
{{- define "backbone.state" -}}
{{- $extra := dict }}
{{- $unknown := list }}
{{- range .Values.extraEnv }}
{{- $_ := set $extra .name . }}
{{- if .valueFrom }}{{ $unknown = append $unknown .name }}{{ end }}
{{- end }}
{{- $state := dict "unknown" $unknown }}
{{- range $name, $value := dict
  "API_ENABLED" .Values.api.enabled
  "WS_ENABLED" .Values.ws.enabled
  "TCP_ENABLED" .Values.tcp.enabled
  "K8S_ENABLED" .Values.k8s.enabled
  "REDIS_ENABLED" .Values.redis.enabled
  "OIDC_ENABLED" .Values.oidc.enabled }}
{{- $text := include "backbone.effective" (dict "extra" $extra "name" $name "value" $value) }}
{{- $_ := set $state $name (eq $text "true") }}
{{- end }}
{{- range $name, $value := dict "HTTP_PORT" .Values.config.httpPort "TCP_PORT" .Values.config.tcpPort }}
{{- $text := include "backbone.effective" (dict "extra" $extra "name" $name "value" $value) }}
{{- $known := regexMatch "^[1-9][0-9]{0,4}$" $text }}
{{- if $known }}{{ $known = le (int $text) 65535 }}{{ end }}
{{- $_ := set $state (printf "%s_KNOWN" $name) $known }}
{{- $_ := set $state $name (ternary $text (include "backbone.text" $value) $known | int) }}
{{- end }}
{{- /* Two listeners cannot share a port, but one that is off may have the number of the other. */}}
{{- $shared := eq $state.HTTP_PORT $state.TCP_PORT }}
{{- $_ := set $state "shared" $shared }}
{{- $_ := set $state "httpName" (ternary "mqtt" "http" (and $shared $state.TCP_ENABLED)) }}
{{- $_ := set $state "mqttName" (ternary "http" "mqtt" (and $shared (not $state.TCP_ENABLED))) }}
{{- toJson $state }}
{{- end }}

{{/*
One variable of the chart: dict "extra" a map by the names in extraEnv, "name", "value", "from", "always". Nothing when
extraEnv names it, or when it is optional and empty.
*/}}
{{- define "backbone.variable" -}}
{{- $text := include "backbone.text" .value }}
{{- if hasKey .extra .name }}
{{- else if .from }}
- name: {{ .name | quote }}
  valueFrom:
    {{- include "backbone.yaml" .from | nindent 4 }}
{{- else if or .always $text }}
- name: {{ .name | quote }}
  value: {{ $text | quote }}
{{- end }}
{{- end }}

{{/* The container's environment. */}}
{{- define "backbone.env" -}}
{{- $extra := dict }}
{{- range .Values.extraEnv }}{{ $_ := set $extra .name true }}{{ end }}
{{- range list
  (dict "name" "ADMIN_TOKEN" "value" .Values.config.adminToken "from" .Values.config.adminTokenFrom)
  (dict "name" "JWT_SECRET" "value" .Values.config.jwtSecret "from" .Values.config.jwtSecretFrom)
  (dict "name" "HTTP_PORT" "value" .Values.config.httpPort "always" true)
  (dict "name" "TCP_PORT" "value" .Values.config.tcpPort "always" true)
  (dict "name" "K8S_ENABLED" "value" .Values.k8s.enabled "always" true)
  (dict "name" "WS_ENABLED" "value" .Values.ws.enabled "always" true)
  (dict "name" "API_ENABLED" "value" .Values.api.enabled "always" true)
  (dict "name" "TCP_ENABLED" "value" .Values.tcp.enabled "always" true)
  (dict "name" "OIDC_ENABLED" "value" .Values.oidc.enabled "always" true)
  (dict "name" "OIDC_DISCOVERY" "value" .Values.oidc.discovery)
  (dict "name" "OIDC_CLIENT_ID" "value" .Values.oidc.clientId)
  (dict "name" "OIDC_CLIENT_SECRET" "value" .Values.oidc.clientSecret "from" .Values.oidc.clientSecretFrom)
  (dict "name" "OIDC_GROUP_FIELD" "value" .Values.oidc.groupField "always" true)
  (dict "name" "OIDC_ADMIN_GROUP" "value" .Values.oidc.adminGroup)
  (dict "name" "OIDC_WRITER_GROUP" "value" .Values.oidc.writerGroup)
  (dict "name" "OIDC_READER_GROUP" "value" .Values.oidc.readerGroup)
  (dict "name" "REDIS_ENABLED" "value" .Values.redis.enabled "always" true)
  (dict "name" "REDIS_HOST" "value" .Values.redis.host "always" true)
  (dict "name" "REDIS_PORT" "value" .Values.redis.port "always" true)
  (dict "name" "REDIS_PASSWORD" "value" .Values.redis.password "from" .Values.redis.passwordFrom)
  (dict "name" "REDIS_DB" "value" .Values.redis.db "always" true)
  (dict "name" "TZ" "value" .Values.timezone) }}
{{- include "backbone.variable" (set . "extra" $extra) }}
{{- end }}
{{- range .Values.extraEnv }}
- name: {{ .name | quote }}
  {{- if .valueFrom }}
  valueFrom:
    {{- include "backbone.yaml" .valueFrom | nindent 4 }}
  {{- else }}
  value: {{ include "backbone.text" .value | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The container's ports. Server-side apply needs every protocol written out, here and in Services. */}}
{{- define "backbone.containerPorts" -}}
{{- $state := include "backbone.state" . | fromJson -}}
- name: {{ $state.httpName | quote }}
  containerPort: {{ int $state.HTTP_PORT }}
  protocol: TCP
{{- if not $state.shared }}
- name: {{ $state.mqttName | quote }}
  containerPort: {{ int $state.TCP_PORT }}
  protocol: TCP
{{- end }}
{{- range .Values.extraContainerPorts }}
{{ include "backbone.yaml" (list (merge (deepCopy .) (dict "protocol" "TCP"))) }}
{{- end }}
{{- end }}

{{/* One probe: dict "root" $ "probe" its values. Nothing when it is off, or when there is nothing to check. */}}
{{- define "backbone.probe" -}}
{{- $state := include "backbone.state" .root | fromJson }}
{{- $api := and $state.API_ENABLED $state.HTTP_PORT_KNOWN }}
{{- $tcp := and $state.TCP_ENABLED $state.TCP_PORT_KNOWN }}
{{- $ws := and $state.WS_ENABLED $state.HTTP_PORT_KNOWN }}
{{- if not .probe.enabled }}
{{- else if .probe.custom }}
{{- include "backbone.yaml" .probe.custom }}
{{- else if or $api $tcp $ws }}
{{- if $api -}}
httpGet:
  path: /health
  port: {{ $state.httpName }}
{{- else -}}
tcpSocket:
  port: {{ ternary $state.mqttName $state.httpName $tcp }}
{{- end }}
{{- range list "initialDelaySeconds" "periodSeconds" "timeoutSeconds" "failureThreshold" "successThreshold" }}
{{- if hasKey $.probe . }}
{{ . }}: {{ get $.probe . | int }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Whether the data is in a claim that one node or Pod may mount at a time: "true" or nothing. */}}
{{- define "backbone.singleWriter" -}}
{{- $data := .Values.persistence }}
{{- $claim := or (not $data.volume) (hasKey ($data.volume | default dict) "persistentVolumeClaim") }}
{{- if and $data.enabled $claim (has $data.accessMode (list "ReadWriteOnce" "ReadWriteOncePod")) }}true{{ end }}
{{- end }}

{{/* The Pod's and the container's security context: dict "root" $ "level" "pod" or "container". */}}
{{- define "backbone.securityContext" -}}
{{- $onlyContainer := list "allowPrivilegeEscalation" "capabilities" "privileged" "procMount" "readOnlyRootFilesystem" }}
{{- $container := eq .level "container" }}
{{- $context := dict }}
{{- range $key, $value := .root.Values.securityContext }}
{{- if eq $container (has $key $onlyContainer) }}{{ $_ := set $context $key $value }}{{ end }}
{{- end }}
{{- range $key, $value := ternary .root.Values.containerSecurityContext .root.Values.podSecurityContext $container }}
{{- $_ := set $context $key $value }}
{{- end }}
{{- range $key, $value := $context }}
{{- if kindIs "invalid" $value }}{{ $_ := unset $context $key }}{{ end }}
{{- end }}
{{- with $context }}{{ include "backbone.yaml" . }}{{ end }}
{{- end }}

{{/* One Service: dict "root" $ "name" its name, "service" its values, "target" the name of its container port. */}}
{{- define "backbone.service" -}}
{{- $root := .root }}
{{- $service := .service }}
{{- $state := include "backbone.state" $root | fromJson }}
{{- $targets := dict "http" $state.httpName "mqtt" $state.mqttName -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name | quote }}
  namespace: {{ $root.Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" $root "labels" $service.labels) | nindent 4 }}
  {{- with include "backbone.annotations" (list $root.Values.commonAnnotations $service.annotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  selector:
    {{- include "backbone.selectorLabels" $root | nindent 4 }}
  ports:
    - name: {{ $service.portName | quote }}
      port: {{ int $service.port }}
      targetPort: {{ get $targets .target }}
      protocol: TCP
      {{- with $service.nodePort }}
      nodePort: {{ int . }}
      {{- end }}
      {{- with $service.appProtocol }}
      appProtocol: {{ . | quote }}
      {{- end }}
    {{- range $service.extraPorts }}
    {{- $port := merge (deepCopy .) (dict "protocol" "TCP") }}
    {{- if hasKey $targets (toString .targetPort) }}
    {{- $_ := set $port "targetPort" (get $targets .targetPort) }}
    {{- end }}
    {{- include "backbone.yaml" (list $port) | nindent 4 }}
    {{- end }}
  {{- range $field := list "clusterIP" "loadBalancerIP" "loadBalancerClass" "externalTrafficPolicy"
    "internalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" }}
  {{- with get $service $field }}
  {{ $field }}: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- range $field := list "externalIPs" "loadBalancerSourceRanges" "ipFamilies" }}
  {{- with get $service $field }}
  {{ $field }}:
    {{- range . }}
    - {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- end }}
  {{- with $service.sessionAffinityConfig }}
  sessionAffinityConfig:
    {{- include "backbone.yaml" . | nindent 4 }}
  {{- end }}
  {{- with $service.healthCheckNodePort }}
  healthCheckNodePort: {{ int . }}
  {{- end }}
  {{- if $service.publishNotReadyAddresses }}
  publishNotReadyAddresses: true
  {{- end }}
  {{- if and (eq $service.type "LoadBalancer") (not $service.allocateLoadBalancerNodePorts) }}
  allocateLoadBalancerNodePorts: false
  {{- end }}
{{- end }}

{{/* Refuses values that contradict each other, in words. */}}
{{- define "backbone.validate" -}}
{{- $state := include "backbone.state" . | fromJson }}
{{- $names := dict }}
{{- range .Values.extraEnv }}
{{- if hasKey $names .name }}{{ fail (printf "extraEnv: %q appears twice" .name) }}{{ end }}
{{- if and .value .valueFrom }}{{ fail (printf "extraEnv: %q has both value and valueFrom" .name) }}{{ end }}
{{- $_ := set $names .name true }}
{{- end }}
{{- if and $state.shared (or $state.API_ENABLED $state.WS_ENABLED) $state.TCP_ENABLED }}
{{- fail (printf "config.httpPort and config.tcpPort are both %d: the two listeners need two ports" (int $state.HTTP_PORT)) }}
{{- end }}
{{- if and .Values.persistence.enabled .Values.persistence.existingClaim .Values.persistence.volume }}
{{- fail "persistence: give existingClaim or volume, not both" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.service.http.enabled) }}
{{- fail "ingress.enabled: the Ingress leads to the HTTP Service, but service.http.enabled is false" }}
{{- end }}
{{- $http := include "backbone.httpServiceName" . }}
{{- if and .Values.service.http.enabled .Values.service.tcp.enabled (eq $http (include "backbone.tcpServiceName" .)) }}
{{- fail (printf "service: both Services are named %q; for one Service with both ports see service.http.extraPorts" $http) }}
{{- end }}
{{- $ports := list "http" "mqtt" }}
{{- range .Values.extraContainerPorts }}{{ with .name }}{{ $ports = append $ports . }}{{ end }}{{ end }}
{{- range .Values.extraContainers }}
{{- range .ports }}{{ with .name }}{{ $ports = append $ports . }}{{ end }}{{ end }}
{{- end }}
{{- range $name, $service := .Values.service }}
{{- $inside := eq $service.type "ClusterIP" }}
{{- range $field := list "nodePort" "externalTrafficPolicy" "healthCheckNodePort" }}
{{- if and $inside (get $service $field) }}
{{- fail (printf "service.%s.%s: needs type NodePort or LoadBalancer, not ClusterIP" $name $field) }}
{{- end }}
{{- end }}
{{- range $service.extraPorts }}
{{- if and (kindIs "string" .targetPort) (not (has .targetPort $ports)) }}
{{- fail (printf "service.%s.extraPorts: no container has a port named %q" $name .targetPort) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
