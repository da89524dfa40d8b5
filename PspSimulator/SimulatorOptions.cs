using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPayments.PspSimulator;

/// <summary>How one simulator runs. Everything it keeps is in memory and has a limit here.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The environment variable that sets <see cref="Port"/>.</summary>
    public const string PortVariable = "PSP_SIMULATOR_PORT";

    /// <summary>TCP port on 127.0.0.1, 0 to 65535; 0 takes a free one. Default 8090.</summary>
    public int Port { get; init; } = 8090;

    /// <summary>Where the time comes from. Default: the system's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where randomness comes from (identifiers, latencies). Default: seeded from the operating system.</summary>
    public Random? Random { get; init; }

    /// <summary>How many accounts may exist; a call to one more is refused. Default 256.</summary>
    public int MaxAccounts { get; init; } = 256;

    /// <summary>Charges, payment intents and idempotency keys kept per account, each; the oldest go first. Default 200,000.</summary>
    public int MaxObjectsPerAccount { get; init; } = 200_000;

    /// <summary>Entries of the request log kept per account; the oldest go first. Default 100,000.</summary>
    public int MaxRequestsPerAccount { get; init; } = 100_000;

    /// <summary>Faults that may wait per account; one more is refused. Default 1,000.</summary>
    public int MaxFaultsPerAccount { get; init; } = 1_000;

    /// <summary>Callbacks that may wait or be held per account, and deliveries kept to be looked at; one more is dropped. Default 10,000.</summary>
    public int MaxCallbacksPerAccount { get; init; } = 10_000;

    /// <summary>How often a callback that is not acknowledged is tried. Default 6.</summary>
    public int CallbackAttempts { get; init; } = 6;

    /// <summary>The pause after a callback's first failed try; doubled after each further one, at most 5 seconds. Default 200 ms.</summary>
    public TimeSpan CallbackPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an authorization lasts. Default 7 days, as at Stripe.</summary>
    public TimeSpan CaptureWindow { get; init; } = TimeSpan.FromDays(7);

    /// <summary>When a provider decides what it did not decide at once: a charge that is processing, a pending refund. Default 1 second.</summary>
    public TimeSpan DecidesAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a timeout fault holds a connection whose caller does not give up. Default 10 minutes.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads the environment. False, with a sentence for a person, if a variable is out of range.</summary>
    public static bool TryFromEnvironment([NotNullWhen(true)] out SimulatorOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = new SimulatorOptions();
        problem = null;
        var text = Environment.GetEnvironmentVariable(PortVariable);
        if (string.IsNullOrEmpty(text)) return true;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65_535)
        {
            options = options with { Port = port };
            return true;
        }

        options = null;
        problem = $"{PortVariable} must be a port number from 0 to 65535.";
        return false;
    }
}
