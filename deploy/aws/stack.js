// One server on ECS Fargate behind an Application Load Balancer, PostgreSQL on RDS, secrets in Secrets Manager, and AWS IoT Core or another MQTT broker.
const { CfnOutput, CfnParameter, Duration, LegacyStackSynthesizer, RemovalPolicy, Stack } = require('aws-cdk-lib/core');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const iot = require('aws-cdk-lib/aws-iot');
const logs = require('aws-cdk-lib/aws-logs');
const rds = require('aws-cdk-lib/aws-rds');
const secretsmanager = require('aws-cdk-lib/aws-secretsmanager');

const clientId = 'telemetry';
const network = '10.30.0.0/16';
const port = 8000;

class TelemetryStack extends Stack {
  /**
   * @param {import('constructs').Construct} scope
   * @param {string} id
   */
  constructor(scope, id) {
    // No assets, so the account needs no preparation for CDK.
    super(scope, id, { synthesizer: new LegacyStackSynthesizer(), description: 'Telemetry: one server for cars' });
    const image = this.text('Image', 'Image made with the Dockerfile, in a registry that Fargate can read. The image of a release does not work: it has no shell.');
    const name = this.text('Name', 'Public name of the pages, such as car.example.');
    const certificate = this.text('Certificate', 'ARN of the certificate for that name in Certificate Manager, in this region.');
    const broker = this.text('Broker', 'Host name of the MQTT broker: aws iot describe-endpoint --endpoint-type iot:Data-ATS.');
    const brokerIdentity = this.text('BrokerIdentity', 'ARN of the secret with the PEM text of the certificate that the server shows to the broker, and of its key.');
    const brokerCertificate = this.text('BrokerCertificate', 'ARN of the same certificate in AWS IoT.');

    // Tasks have public addresses, because a NAT gateway costs more than the server. The security group lets only the load balancer in.
    const vpc = new ec2.Vpc(this, 'Network', {
      ipAddresses: ec2.IpAddresses.cidr(network),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const database = this.database(vpc);
    const signingKey = new secretsmanager.Secret(this, 'SigningKey', {
      description: 'Signs the tokens of Telemetry.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    this.access(brokerCertificate);

    const task = new ecs.FargateTaskDefinition(this, 'Task', { cpu: 512, memoryLimitMiB: 1024 });
    task.addContainer('server', {
      image: ecs.ContainerImage.fromRegistry(image),
      // ECS gives secrets as variables, the program takes the certificate as a file.
      entryPoint: ['bash', '-c'],
      command: ['umask 077 && printf %s "$BROKER_PEM" >/tmp/broker.pem && unset BROKER_PEM && exec dotnet /app/Telemetry.Api.dll'],
      environment: {
        Urls: `http://+:${port}`,
        AllowedHosts: name,
        Alerts__Url: `https://${name}`,
        Hsts__MaxAge: '365.00:00:00',
        // The load balancer ends TLS and has addresses of this network.
        TrustedProxies: network,
        ConnectionStrings__Telemetry: `Host=${database.dbInstanceEndpointAddress};Database=telemetry;Username=telemetry;SSL Mode=Require`,
        Mqtt__Host: broker,
        Mqtt__Port: '8883',
        Mqtt__UseTls: 'true',
        Mqtt__Certificate: '/tmp/broker.pem',
        // The broker keeps messages for this id while one task ends and the next one starts.
        Mqtt__ClientId: clientId,
      },
      secrets: {
        Auth__SigningKey: ecs.Secret.fromSecretsManager(signingKey),
        PGPASSWORD: ecs.Secret.fromSecretsManager(/** @type {secretsmanager.ISecret} */ (database.secret), 'password'),
        BROKER_PEM: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretCompleteArn(this, 'BrokerPem', brokerIdentity)),
      },
      portMappings: [{ containerPort: port }],
      // At the stop, the server writes the readings that are still in memory.
      stopTimeout: Duration.seconds(45),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'server', logGroup: new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }) }),
    });

    const service = new ecs.FargateService(this, 'Service', {
      cluster: new ecs.Cluster(this, 'Cluster', { vpc }),
      taskDefinition: task,
      assignPublicIp: true,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      // One server, and never two with the same client id: the old task ends before the new one starts.
      desiredCount: 1,
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.minutes(2),
    });
    database.connections.allowDefaultPortFrom(service);
    this.pages(vpc, service, certificate);
    new CfnOutput(this, 'SigningKeySecret', { value: signingKey.secretArn, description: 'Secret with the key that signs tokens.' });
  }

  /**
   * @param {string} id
   * @param {string} description
   */
  text(id, description) {
    return new CfnParameter(this, id, { type: 'String', minLength: 1, description }).valueAsString;
  }

  /** @param {ec2.IVpc} vpc */
  database(vpc) {
    return new rds.DatabaseInstance(this, 'Database', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
      databaseName: 'telemetry',
      credentials: rds.Credentials.fromGeneratedSecret('telemetry'),
      storageType: rds.StorageType.GP3,
      allocatedStorage: 20,
      maxAllocatedStorage: 1000,
      storageEncrypted: true,
      backupRetention: Duration.days(14),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
  }

  /**
   * What the server may do at AWS IoT Core: connect with its id, and read the topics of the dongles.
   * @param {string} certificate
   */
  access(certificate) {
    const arn = (/** @type {string} */ resource) => this.formatArn({ service: 'iot', resource });
    const policy = new iot.CfnPolicy(this, 'BrokerPolicy', {
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'iot:Connect', Resource: arn(`client/${clientId}`) },
          { Effect: 'Allow', Action: 'iot:Subscribe', Resource: arn('topicfilter/wican/*') },
          { Effect: 'Allow', Action: 'iot:Receive', Resource: arn('topic/wican/*') },
        ],
      },
    });
    new iot.CfnPolicyPrincipalAttachment(this, 'BrokerAccess', { policyName: policy.ref, principal: certificate });
  }

  /**
   * @param {ec2.IVpc} vpc
   * @param {ecs.FargateService} service
   * @param {string} certificate
   */
  pages(vpc, service, certificate) {
    const balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      internetFacing: true,
      dropInvalidHeaderFields: true,
      // The server pings each WebSocket every 15 s.
      idleTimeout: Duration.seconds(120),
    });
    balancer.addRedirect();
    const listener = balancer.addListener('Https', { port: 443, certificates: [elb.ListenerCertificate.fromArn(certificate)], sslPolicy: elb.SslPolicy.RECOMMENDED_TLS });
    listener.addTargets('Server', {
      port,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [service],
      deregistrationDelay: Duration.seconds(5),
      // Alive, not ready: while the database is away, another task would be no better.
      healthCheck: { path: '/health/live', interval: Duration.seconds(10), healthyThresholdCount: 2, unhealthyThresholdCount: 6 },
    });
    new CfnOutput(this, 'Address', { value: balancer.loadBalancerDnsName, description: 'Make the public name a CNAME of this.' });
  }
}

module.exports = { TelemetryStack };
