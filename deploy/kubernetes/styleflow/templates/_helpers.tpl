{{- define "styleflow.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "styleflow.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "styleflow.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "styleflow.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What a selector may hold: never changes for a release. Takes a dict of root and component. */}}
{{- define "styleflow.selector" -}}
app.kubernetes.io/name: {{ include "styleflow.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "styleflow.labels" -}}
{{ include "styleflow.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* The name of this installation among all that a Prometheus watches: the label `installation` of its figures. */}}
{{- define "styleflow.installation" -}}
{{- default (printf "%s/%s" .Release.Namespace .Release.Name) .Values.monitoring.installation -}}
{{- end -}}

{{- define "styleflow.image" -}}
{{- $digest := get .root.Values.image.digests .component -}}
{{- printf "%s/%s:%s%s" (required "image.registry: where the three images were pushed to" .root.Values.image.registry) .component (default .root.Chart.AppVersion .root.Values.image.tag) (ternary "" (printf "@%s" $digest) (empty $digest)) -}}
{{- end -}}

{{/* The address of Redis. A password stands in it as $(REDIS_PASSWORD), which Kubernetes fills in. */}}
{{- define "styleflow.redisUrl" -}}
{{- if .Values.redis.bundled.enabled -}}
redis://:$(REDIS_PASSWORD)@{{ include "styleflow.fullname" . }}-redis:6379
{{- else -}}
{{- with .Values.redis.external -}}
{{- if not .hosts }}{{ fail "redis.external.hosts is empty and redis.bundled.enabled is false: there is no Redis" }}{{ end -}}
{{- if and (eq .kind "single") (ne (len .hosts) 1) }}{{ fail "redis.external.kind single takes one host" }}{{ end -}}
{{- $form := get (dict "single" "" "sentinel" "-sentinel" "cluster" "-cluster") .kind -}}
{{- $scheme := printf "%s%s" (ternary "rediss" "redis" .tls) $form -}}
{{- $login := "" -}}
{{- if .passwordSecret }}{{ $login = printf "%s:$(REDIS_PASSWORD)@" .username }}{{ else if .username }}{{ $login = printf "%s@" .username }}{{ end -}}
{{- $path := get (dict "single" (ternary "" (printf "/%d" (int .db)) (eq (int .db) 0)) "sentinel" (printf "/%s/%d" .master (int .db)) "cluster" "") .kind -}}
{{- printf "%s://%s%s%s" $scheme $login (join "," .hosts) $path -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the password of the bundled Redis. */}}
{{- define "styleflow.redisSecret" -}}
{{- default (printf "%s-redis" (include "styleflow.fullname" .)) .Values.redis.bundled.passwordSecret -}}
{{- end -}}

{{/* The name of a component among values: cpuWorker of cpu-worker. */}}
{{- define "styleflow.valueName" -}}
{{- get (dict "api" "api" "cpu-worker" "cpuWorker" "gpu-worker" "gpuWorker") . -}}
{{- end -}}

{{/* The Secret with a component's key for the store; empty where it has none. Takes a dict of root and component. */}}
{{- define "styleflow.storeSecret" -}}
{{- with get .root.Values.store.s3.credentials (include "styleflow.valueName" .component) -}}
{{- if .existingSecret }}{{ .existingSecret }}{{ else if .accessKeyId }}{{ printf "%s-store-%s" (include "styleflow.fullname" $.root) $.component }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "styleflow.apiKeySecret" -}}
{{- default (printf "%s-api-keys" (include "styleflow.fullname" .)) .Values.apiKeys.existingSecret -}}
{{- end -}}

{{/* What the API seals credentials with and CPU workers open them with. */}}
{{- define "styleflow.secretKey" -}}
{{- if or .Values.secretKey.value .Values.secretKey.existingSecret }}
- name: STYLEFLOW_SECRET_KEY
  valueFrom: { secretKeyRef: { name: {{ default (printf "%s-secret-key" (include "styleflow.fullname" .)) .Values.secretKey.existingSecret }}, key: {{ .Values.secretKey.key }} } }
{{- end }}
{{- end -}}

{{/* Settings given by name, after those that the chart knows: the last one counts. */}}
{{- define "styleflow.settings" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{/* Where Redis and the store are, and who we are there and at the collector. Takes a dict of root and component. */}}
{{- define "styleflow.stores" -}}
{{- $values := .root.Values }}
{{- if $values.redis.bundled.enabled }}
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "styleflow.redisSecret" .root }}, key: {{ $values.redis.bundled.passwordKey }} } }
{{- else if $values.redis.external.passwordSecret }}
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $values.redis.external.passwordSecret }}, key: {{ $values.redis.external.passwordKey }} } }
{{- end }}
- name: STYLEFLOW_REDIS_URL
  value: {{ include "styleflow.redisUrl" .root | quote }}
{{- if not $values.redis.bundled.enabled }}
{{- with $values.redis.external }}
{{- if and (eq .kind "sentinel") .sentinelPasswordSecret }}
- name: STYLEFLOW_REDIS_SENTINEL_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .sentinelPasswordSecret }}, key: {{ .sentinelPasswordKey }} } }
{{- end }}
{{- end }}
{{- end }}
{{- with include "styleflow.storeSecret" . }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: { secretKeyRef: { name: {{ . }}, key: access-key-id } }
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: { secretKeyRef: { name: {{ . }}, key: secret-access-key } }
{{- end }}
{{- if $values.caCertificates.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/styleflow/ca/{{ $values.caCertificates.key }}
{{- end }}
{{- if and $values.tracing.endpoint $values.tracing.headersSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: { secretKeyRef: { name: {{ $values.tracing.headersSecret }}, key: {{ $values.tracing.headersKey }} } }
{{- end }}
{{- end -}}

{{- define "styleflow.caMount" -}}
{{- if .Values.caCertificates.configMap }}
- { name: ca, mountPath: /etc/styleflow/ca, readOnly: true }
{{- end }}
{{- end -}}

{{- define "styleflow.caVolume" -}}
{{- if .Values.caCertificates.configMap }}
- { name: ca, configMap: { name: {{ .Values.caCertificates.configMap }} } }
{{- end }}
{{- end -}}

{{/* Restricted in the sense of the pod security standards; the root file system is never written to. */}}
{{- define "styleflow.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "styleflow.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/*
Takes a dict of startup seconds, and the path that tells whether it has started. The API starts once it reaches Redis and the
store, so that a rollout with wrong addresses goes no further. From then on it leaves its Service for faults of its own and
while Redis cannot be written; an outage of the store leaves it there, to answer polls.
*/}}
{{- define "styleflow.probes" -}}
startupProbe:
  httpGet: { path: {{ .started | default "/startupz" }}, port: admin }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: {{ div (int .startupSeconds) 5 }}
livenessProbe:
  # A minute of silence: an event loop that only is busy answers sooner.
  httpGet: { path: /healthz, port: admin }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: admin }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end -}}

{{/* Changes of the ConfigMap and of Secrets that this chart makes roll the pods. */}}
{{- define "styleflow.checksums" -}}
checksum/settings: {{ include (print .Template.BasePath "/configmap.yaml") . | sha256sum }}
checksum/secrets: {{ include (print .Template.BasePath "/secrets.yaml") . | sha256sum }}
{{- end -}}

{{/*
KEDA's rule for the workers of some queues. Takes a dict of root, component, target (the Deployment), queues (the matcher of
the label) and scaling. The wanted number of workers is the formula's value over entriesPerWorker:
  (waiting + active) / entriesPerWorker    running work counts, so that it is not scaled in
  workers * oldest / maxWaitSeconds        if that is more: waiting twice as long as it may takes twice the workers
  waiting + active                         at most: one worker for each entry
*/}}
{{- define "styleflow.scaledObject" -}}
{{- $root := .root -}}
{{- /* Of this installation alone: others may be watched by the same Prometheus. */}}
{{- $figures := printf "queue%s, installation=%q" .queues (include "styleflow.installation" $root) -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ .target }}
  labels:
    {{- include "styleflow.labels" (dict "root" $root "component" .component) | nindent 4 }}
spec:
  scaleTargetRef: { name: {{ .target }} }
  minReplicaCount: {{ .scaling.min }}
  maxReplicaCount: {{ .scaling.max }}
  pollingInterval: {{ .scaling.pollingSeconds }}
  cooldownPeriod: {{ .scaling.scaleInAfterSeconds }}
  # The queues' figures are absent, not zero, while they cannot be measured: then the workers that there are, or this many.
  # Workers that start are not counted: they show no busy ratio yet.
  # All four triggers are absent together: with only some of them KEDA wavers between the fallback and the rest (keda#5666).
  fallback: { failureThreshold: 3, replicas: {{ .scaling.fallback }}, behavior: currentReplicasIfHigher }
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp:
          stabilizationWindowSeconds: 0
          policies: [{ type: Percent, value: 100, periodSeconds: 30 }, { type: Pods, value: 4, periodSeconds: 30 }]
        scaleDown:
          stabilizationWindowSeconds: {{ .scaling.scaleInAfterSeconds }}
          policies: [{ type: Percent, value: 50, periodSeconds: 60 }]
    scalingModifiers:
      formula: "min((waiting + active) * {{ .scaling.entriesPerWorker }}.0, max(waiting + active, workers * {{ .scaling.entriesPerWorker }}.0 * oldest / {{ .scaling.maxWaitSeconds }}.0))"
      target: {{ .scaling.entriesPerWorker | quote }}
      activationTarget: "0"
      metricType: AverageValue
  triggers:
    - type: prometheus
      name: waiting
      metadata:
        serverAddress: {{ $root.Values.monitoring.prometheusAddress }}
        query: {{ printf "sum(max by (queue, state) (styleflow_queue_depth{%s, state=~\"waiting|delayed\"}))" $figures | quote }}
        threshold: "1"
        ignoreNullValues: "false"
    - type: prometheus
      name: active
      metadata:
        serverAddress: {{ $root.Values.monitoring.prometheusAddress }}
        query: {{ printf "sum(max by (queue) (styleflow_queue_depth{%s, state=\"active\"}))" $figures | quote }}
        threshold: "1"
        ignoreNullValues: "false"
    - type: prometheus
      name: oldest
      metadata:
        serverAddress: {{ $root.Values.monitoring.prometheusAddress }}
        query: {{ printf "max(styleflow_queue_oldest_seconds{%s})" $figures | quote }}
        threshold: "1"
        ignoreNullValues: "false"
    - type: prometheus
      name: workers
      metadata:
        serverAddress: {{ $root.Values.monitoring.prometheusAddress }}
        query: {{ printf "(count(styleflow_worker_busy_ratio{job=\"styleflow-%s\", installation=%q, pod=~\"%s-[a-z0-9]+-[a-z0-9]+\"}) or vector(0)) and on() styleflow_queue_depth{%s}" .component (include "styleflow.installation" $root) .target $figures | quote }}
        threshold: "1"
        ignoreNullValues: "false"
{{- end -}}
