using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Forecasts;

namespace Telemetry.Core.Broadcast;

/// <summary>The message of a vehicle's forecasts: those that apply to it, each with state, value, band and unit.</summary>
public static class ForecastMessage
{
    const int Decimals = 3;

    /// <summary>The message, in UTF-8.</summary>
    /// <param name="vehicleId">Id of the vehicle.</param>
    /// <param name="forecasts">Its forecasts.</param>
    /// <param name="at">Timestamp of the newest reading that they are from, UTC.</param>
    public static byte[] Serialize(int vehicleId, IReadOnlyList<Forecast> forecasts, DateTime at)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, "forecast"u8);
        json.WriteStartObject("data"u8);
        json.WriteNumber("vehicle_id"u8, vehicleId);
        foreach (var forecast in forecasts)
        {
            if (forecast.State == ForecastState.NotApplicable) continue;
            json.WriteStartObject(forecast.Name);
            json.WriteString("state"u8, StateName(forecast.State));
            Write(json, "value", forecast.Value);
            Write(json, "low", forecast.Low);
            Write(json, "high", forecast.High);
            Write(json, "confidence", forecast.Confidence);
            json.WriteString("unit"u8, forecast.Unit);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteString("timestamp"u8, at.ToString(TelemetryMessage.TimestampFormat, CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A state's word in messages and answers.</summary>
    public static string StateName(ForecastState state) => state switch
    {
        ForecastState.Ok => "ok",
        ForecastState.Learning => "learning",
        ForecastState.Naive => "naive",
        ForecastState.NotApplicable => "not_applicable",
        _ => "stale_inputs",
    };

    static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Math.Round(number, Decimals));
        else json.WriteNull(name);
    }
}
