using System.ComponentModel.DataAnnotations;

namespace OrleansPayments.Silo.Api;

/// <summary>The bounds of the API, from the configuration section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>How many payments may be being worked on at once; further ones are answered 503 <c>overloaded</c>. 1 to 100 000, 2 000 if not given.</summary>
    [Range(1, 100_000)]
    public int MaxPaymentsInFlight { get; set; } = 2_000;

    /// <summary>How long a payment of a batch waits to be one of them. 100 to 60 000 ms, 10 000 if not given.</summary>
    [Range(100, 60_000)]
    public int BatchWaitMs { get; set; } = 10_000;

    /// <summary>How many messages of providers may be being taken in at once; further ones are answered 503 and sent again. 1 to 10 000, 256 if not given.</summary>
    [Range(1, 10_000)]
    public int MaxCallbacksInFlight { get; set; } = 256;

    /// <summary>How long a provider's message may take to arrive, because it has one of those places meanwhile. 100 to 60 000 ms, 10 000 if not given.</summary>
    [Range(100, 60_000)]
    public int CallbackBodyTimeoutMs { get; set; } = 10_000;

    /// <summary>How many connections may be open at once; further ones are closed. 1 to 100 000, 10 000 if not given.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 10_000;
}
