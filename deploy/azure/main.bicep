// One server on Azure Container Apps, with PostgreSQL Flexible Server, secrets in Key Vault, and the MQTT broker of Event Grid or one that you have.
//   az group create --name telemetry --location westeurope
//   az deployment group create --resource-group telemetry --template-file main.bicep --parameters main.bicepparam
targetScope = 'resourceGroup'

@description('Region of all resources.')
param location string = resourceGroup().location

@description('Prefix of the names: 4 to 12 lower-case letters and digits.')
@minLength(4)
@maxLength(12)
param name string = 'telemetry'

@description('Image of the server in a registry that Container Apps can read.')
param image string

@description('Host name of the MQTT broker.')
param mqttHost string

@description('PEM text of the certificate that the server shows to the broker, with its key. Event Grid asks for one. Empty: user and password.')
@secure()
param mqttCertificate string = ''

@description('User name at the broker. Empty: none.')
param mqttUsername string = ''

@description('Password at the broker.')
@secure()
param mqttPassword string = ''

@description('Secret of at least 32 bytes that signs tokens.')
@secure()
@minLength(32)
param signingKey string

@description('Password of the database user.')
@secure()
@minLength(16)
param postgresPassword string

@description('Size of the database server; names that begin with Standard_B are burstable.')
param postgresSku string = 'Standard_B1ms'

var unique = '${name}${uniqueString(resourceGroup().id)}'
var secrets = union(
  { 'signing-key': signingKey, 'postgres-password': postgresPassword },
  mqttPassword == '' ? {} : { 'mqtt-password': mqttPassword },
  mqttCertificate == '' ? {} : { 'mqtt-certificate': mqttCertificate }
)
var secretNames = concat(
  ['signing-key', 'postgres-password'],
  mqttPassword == '' ? [] : ['mqtt-password'],
  mqttCertificate == '' ? [] : ['mqtt-certificate']
)

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/24'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'postgres'
        properties: {
          addressPrefix: '10.20.1.0/28'
          delegations: [{ name: 'postgres', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource postgres 'subnets' existing = { name: 'postgres' }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

// Reached through the network only.
resource postgres 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: unique
  location: location
  sku: { name: postgresSku, tier: startsWith(postgresSku, 'Standard_B') ? 'Burstable' : 'GeneralPurpose' }
  properties: {
    version: '16'
    administratorLogin: 'telemetry'
    administratorLoginPassword: postgresPassword
    storage: { storageSizeGB: 64, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    network: { delegatedSubnetResourceId: network::postgres.id, privateDnsZoneArmResourceId: zone.id }
  }
  dependsOn: [zone::link]

  resource database 'databases' = {
    name: 'telemetry'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take(unique, 24)
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
  }

  resource values 'secrets' = [
    for secret in secretNames: {
      name: secret
      properties: { value: secrets[secret] }
    }
  ]
}

// Key Vault Secrets User.
var reader = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, reader)
  properties: { principalId: identity.properties.principalId, principalType: 'ServicePrincipal', roleDefinitionId: reader }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: name
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: { customerId: logs.properties.customerId, sharedKey: logs.listKeys().primarySharedKey }
    }
    vnetConfiguration: { infrastructureSubnetId: network::apps.id }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  }
}

resource server 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      // A new revision starts before the old one ends: the new server stands by until the old one has given up the store.
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: 8000, transport: 'auto', allowInsecure: false }
      secrets: [
        for secret in secretNames: {
          name: secret
          keyVaultUrl: '${vault.properties.vaultUri}secrets/${secret}'
          identity: identity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 45
      // One server: a live state of its own in each would show each browser other cars.
      scale: { minReplicas: 1, maxReplicas: 1 }
      containers: [
        {
          name: 'telemetry'
          image: image
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: concat(
            [
              { name: 'Urls', value: 'http://+:8000' }
              { name: 'AllowedHosts', value: '*.${environment.properties.defaultDomain}' }
              // Container Apps ends TLS. Its proxies are in the subnet of the apps, or in the range that its documentation reserves.
              { name: 'TrustedProxies', value: '10.20.0.0/24,100.100.0.0/17' }
              { name: 'Auth__SigningKey', secretRef: 'signing-key' }
              { name: 'ConnectionStrings__Telemetry', value: 'Host=${postgres.properties.fullyQualifiedDomainName};Database=telemetry;Username=telemetry;SSL Mode=Require' }
              { name: 'PGPASSWORD', secretRef: 'postgres-password' }
              { name: 'Mqtt__Host', value: mqttHost }
              { name: 'Mqtt__Port', value: '8883' }
              { name: 'Mqtt__UseTls', value: 'true' }
            ],
            mqttUsername == '' ? [] : [{ name: 'Mqtt__Username', value: mqttUsername }],
            mqttPassword == '' ? [] : [{ name: 'Mqtt__Password', secretRef: 'mqtt-password' }],
            mqttCertificate == '' ? [] : [{ name: 'Mqtt__Certificate', value: '/run/secrets/mqtt-certificate' }]
          )
          probes: [
            { type: 'Startup', httpGet: { path: '/health/live', port: 8000 }, periodSeconds: 2, failureThreshold: 60 }
            { type: 'Liveness', httpGet: { path: '/health/live', port: 8000 }, periodSeconds: 10, failureThreshold: 6 }
            { type: 'Readiness', httpGet: { path: '/health/ready', port: 8000 }, periodSeconds: 5, failureThreshold: 2 }
          ]
          volumeMounts: [
            { volumeName: 'data', mountPath: '/srv/telemetry/data' }
            { volumeName: 'secrets', mountPath: '/run/secrets' }
          ]
        }
      ]
      volumes: [
        // The spool. It is gone with the replica: while PostgreSQL is away, a restart loses what waits in it. SQLite does not work on a file share.
        { name: 'data', storageType: 'EmptyDir' }
        { name: 'secrets', storageType: 'Secret' }
      ]
    }
  }
  dependsOn: [mayRead, vault::values, postgres::database]
}

@description('Address of the pages.')
output address string = 'https://${server.properties.configuration.ingress.fqdn}'
