namespace Telemetry.Core.Ingest;

/// <summary>Why a message, or a value in it, is no reading. Each is counted; none is an error.</summary>
public enum Rejection
{
    /// <summary>The topic names neither a vehicle nor a signal, or has an empty, overlong or unprintable level.</summary>
    Topic,

    /// <summary>Nothing in the message.</summary>
    EmptyPayload,

    /// <summary>Longer than <see cref="PayloadReader.MaxLength"/>.</summary>
    TooLarge,

    /// <summary>Bytes that are no UTF-8.</summary>
    NotUtf8,

    /// <summary>Starts like JSON and is none.</summary>
    InvalidJson,

    /// <summary>Text, null, NaN or an infinity where a number belongs.</summary>
    NotANumber,

    /// <summary>Outside the physical range of its signal.</summary>
    OutOfRange,

    /// <summary>No key in it can be a reading.</summary>
    NoReading,

    /// <summary>A second value of one message for a signal, under a key that has no other name.</summary>
    Duplicate,

    /// <summary>A dongle coming or going (<c>{"status":"offline"}</c> is its will).</summary>
    Status,

    /// <summary>A description of what is published, for home automation; no measurement.</summary>
    Discovery,

    /// <summary>Raw CAN frames without an OBD-II answer that can be read.</summary>
    RawFrame,

    /// <summary>Written by other clients for the dongle.</summary>
    Command,

    /// <summary>The dongle reports an error of its own.</summary>
    DeviceError,

    /// <summary>One signal name more than <see cref="Signals.SignalCatalog.MaxSignalsOfVehicle"/> or <see cref="Signals.SignalCatalog.MaxOtherSignals"/>.</summary>
    TooManySignals,

    /// <summary>A new vehicle, one more than may be new in a minute.</summary>
    TooManyVehicles,

    /// <summary>A publish to be retained that only repeats what is known of an offline vehicle: a bridge sends such again when it connects.</summary>
    Replayed,
}
