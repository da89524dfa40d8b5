namespace OrleansPayments.Grains.Connectors;

/// <summary>What a provider said, or did not.</summary>
public abstract record ProviderResult
{
    /// <summary>The call that this is the outcome of, masked; null when nothing was noted of it.</summary>
    public ProviderExchange? Exchange { get; init; }
}
