// Writes the template: CDK_OUTDIR names the folder.
const { App } = require('aws-cdk-lib/core');
const { TelemetryStack } = require('./stack');

const app = new App({ analyticsReporting: false });
new TelemetryStack(app, 'Telemetry');
app.synth();
