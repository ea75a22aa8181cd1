using 'main.bicep'

// Secrets come from the environment of whoever deploys.
param image = 'registry.example/telemetry:0.2.0'
param mqttHost = 'broker.example'
param mqttUsername = 'telemetry'
param mqttPassword = readEnvironmentVariable('MQTT_PASSWORD')
param signingKey = readEnvironmentVariable('SIGNING_KEY')
param postgresPassword = readEnvironmentVariable('POSTGRES_PASSWORD')
