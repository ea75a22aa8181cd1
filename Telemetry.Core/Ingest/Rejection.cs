namespace Telemetry.Core.Ingest;

/// <summary>Reasons why a message, or a value in it, is not a reading. Each is counted; none is an error.</summary>
public enum Rejection
{
    /// <summary>The topic names neither a vehicle nor a signal, or has an empty, too long or unprintable level.</summary>
    Topic,

    /// <summary>Empty message.</summary>
    EmptyPayload,

    /// <summary>Longer than <see cref="PayloadReader.MaxLength"/>.</summary>
    TooLarge,

    /// <summary>Not valid UTF-8.</summary>
    NotUtf8,

    /// <summary>Starts like JSON but is not valid.</summary>
    InvalidJson,

    /// <summary>Text, null, NaN or infinity instead of a number.</summary>
    NotANumber,

    /// <summary>Outside the physical range of its signal.</summary>
    OutOfRange,

    /// <summary>No key in the message can be a reading.</summary>
    NoReading,

    /// <summary>Second value for a signal in one message, under a key that has no other name.</summary>
    Duplicate,

    /// <summary>Online or offline message of a dongle (<c>{"status":"offline"}</c> is its will).</summary>
    Status,

    /// <summary>Home automation discovery: describes what is published, contains no measurement.</summary>
    Discovery,

    /// <summary>Raw CAN frames without a readable OBD-II answer.</summary>
    RawFrame,

    /// <summary>Command of another client to the dongle.</summary>
    Command,

    /// <summary>Error reported by the dongle.</summary>
    DeviceError,

    /// <summary>One signal name more than <see cref="Signals.SignalCatalog.MaxSignalsOfVehicle"/> or <see cref="Signals.SignalCatalog.MaxOtherSignals"/>.</summary>
    TooManySignals,

    /// <summary>New vehicle beyond the limit per minute.</summary>
    TooManyVehicles,

    /// <summary>Message with the retain flag that only repeats known values of an offline vehicle: a bridge sends such messages again when it connects.</summary>
    Replayed,
}
