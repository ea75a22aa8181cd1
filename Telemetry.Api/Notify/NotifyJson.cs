using System.Text.Json.Serialization;
using Telemetry.Api.Store;

namespace Telemetry.Api.Notify;

[JsonSerializable(typeof(IEnumerable<ChannelView>))]
[JsonSerializable(typeof(TestView))]
[JsonSerializable(typeof(OutgoingMessage))]
[JsonSerializable(typeof(MailText))]
[JsonSerializable(typeof(List<RetainedState>))]
[JsonSerializable(typeof(AlertRow))]
sealed partial class NotifyJson : JsonSerializerContext;
