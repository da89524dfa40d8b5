namespace Orleans.Hosting;

/// <summary>The bounds of the embedded engine. Every default suits a two-core machine; <see cref="Validate"/> says what is allowed.</summary>
public sealed class GrainEngineOptions
{
    /// <summary>How long a caller waits for an answer unless the method has <see cref="ResponseTimeoutAttribute"/>. Default: 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls that may wait at one activation; the next is refused with <see cref="Runtime.LimitExceededException"/>. Default: 10 000.</summary>
    public int MaxMailboxLength { get; set; } = 10_000;

    /// <summary>Activations that may exist; a call that needs one more is refused with <see cref="Runtime.LimitExceededException"/>. Default: 200 000.</summary>
    public int MaxActivations { get; set; } = 200_000;

    /// <summary>How long an activation may be unused before it is deactivated, unless its class says otherwise. Default: 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the engine looks for idle activations. Default: 1 minute.</summary>
    public TimeSpan CollectionScanInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long OnActivateAsync may take; then the activation has failed. Default: 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long OnDeactivateAsync may take; then the activation ends without it. Default: 30 s.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the engine's stop waits for calls in flight and for OnDeactivateAsync. Default: 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether a call to an idle grain runs at once on the caller's thread. It makes an uncontended call nearly a direct one; a caller that starts many calls
    /// before it awaits any then runs their synchronous parts one after another. Default: yes.
    /// </summary>
    public bool InlineCalls { get; set; } = true;

    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive.</exception>
    public void Validate()
    {
        RequirePositive(CallTimeout, nameof(CallTimeout));
        RequirePositive(CollectionAge, nameof(CollectionAge));
        RequirePositive(CollectionScanInterval, nameof(CollectionScanInterval));
        RequirePositive(ActivationTimeout, nameof(ActivationTimeout));
        RequirePositive(DeactivationTimeout, nameof(DeactivationTimeout));
        RequirePositive(DrainTimeout, nameof(DrainTimeout));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMailboxLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxActivations);
    }

    private static void RequirePositive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, value, "The time must be positive.");
    }
}
