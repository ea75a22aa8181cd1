namespace Telemetry.Core;
