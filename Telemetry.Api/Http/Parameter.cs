using System.Globalization;

namespace Telemetry.Api.Http;

abstract record Parameter(string Name, string Description)
{
    public bool IsInPath { get; init; }

    /// <summary>For the error message; null: derived from the type.</summary>
    public string? Takes { get; init; }

    protected string? Given(HttpContext http) => http.Request.Query.TryGetValue(Name, out var given) ? given.ToString() : null;

    public ProblemException Wrong(string takes) => new($"{Name} takes {Takes ?? takes}.", Name);
}

sealed record WholeNumber(string Name, string Description, int Min, int Max, int? Default = null) : Parameter(Name, Description)
{
    public int? Read(HttpContext http)
    {
        if (Given(http) is not { } text) return Default;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Min && number <= Max
            ? number
            : throw Wrong($"a whole number, {Min} to {Max}");
    }
}

sealed record Number(string Name, string Description, double Min, double Max, double? Default = null) : Parameter(Name, Description)
{
    public double? Read(HttpContext http)
    {
        if (Given(http) is not { } text) return Default;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= Min && number <= Max
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"a number, {Min} to {Max}"));
    }
}

/// <summary>True or false; false if missing.</summary>
sealed record Flag(string Name, string Description) : Parameter(Name, Description)
{
    public bool Read(HttpContext http) => Given(http) is { } text && (bool.TryParse(text, out var flag) ? flag : throw Wrong("true or false"));
}

/// <summary>One of several words; the first if missing.</summary>
sealed record Choice(string Name, string Description, params string[] Words) : Parameter(Name, Description)
{
    public string Read(HttpContext http)
    {
        if (Given(http) is not { } text) return Words[0];
        return Words.Contains(text) ? text : throw Wrong(string.Join(" or ", Words));
    }
}

/// <summary>Text parsed by its type.</summary>
sealed record Text(string Name, string Description) : Parameter(Name, Description)
{
    /// <summary>JSON Schema format, such as <c>date-time</c>.</summary>
    public string? Format { get; init; }

    public string? Pattern { get; init; }

    public string[] Examples { get; init; } = [];

    public string? Read(HttpContext http) => Given(http);
}
