namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>What becomes of callbacks until something else is asked for.</summary>
/// <param name="Type">The event type it is about; null for all.</param>
/// <param name="Times">For how many more events; null for all to come.</param>
internal sealed record CallbackRule(CallbackMode Mode, string? Type, int? Times)
{
    public static CallbackRule Normal { get; } = new(CallbackMode.Normal, null, null);

    public bool Fits(string type) => Type is null || Type == type;

    /// <summary>The rule after it was used once.</summary>
    public CallbackRule Used() => Times switch
    {
        null => this,
        1 => Normal,
        { } times => this with { Times = times - 1 },
    };
}
