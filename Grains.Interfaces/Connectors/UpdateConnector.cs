using System.Collections.Immutable;

namespace OrleansPayments.Connectors;

/// <summary>What to change of a connector; what is null stays as it is. Validated at the edge, as a creation is.</summary>
/// <param name="IfVersion">Refused unless the connector has this version; null for whichever it has.</param>
/// <param name="Fees">In place of all of them.</param>
/// <param name="Credentials">In place of all of them. Attempts that are under way keep those that they began with.</param>
[GenerateSerializer, Immutable, Alias("update_connector")]
public sealed record UpdateConnector(
    [property: Id(0)] int? IfVersion = null,
    [property: Id(1)] ConnectorStatus? Status = null,
    [property: Id(2)] int? Priority = null,
    [property: Id(3)] int? TimeoutMs = null,
    [property: Id(4)] int? MaxInFlight = null,
    [property: Id(5)] CapabilityChanges? Capabilities = null,
    [property: Id(6)] ImmutableArray<ConnectorFee>? Fees = null,
    [property: Id(7)] HealthChanges? Health = null,
    [property: Id(8)] InquiryChanges? Inquiry = null,
    [property: Id(9)] ConnectorCredentials? Credentials = null)
{
    /// <summary>The settings with these changes; the credentials are no part of them.</summary>
    public ConnectorSettings ApplyTo(ConnectorSettings settings)
    {
        var changed = settings with
        {
            Priority = Priority ?? settings.Priority,
            TimeoutMs = TimeoutMs ?? settings.TimeoutMs,
            MaxInFlight = MaxInFlight is { } most ? NullIfDefault(most) : settings.MaxInFlight,
            Capabilities = Capabilities?.ApplyTo(settings.Capabilities) ?? settings.Capabilities,
            Fees = Fees ?? settings.Fees,
            Health = Health?.ApplyTo(settings.Health) ?? settings.Health,
            Inquiry = Inquiry?.ApplyTo(settings.Inquiry) ?? settings.Inquiry,
        };
        return Status is { } status ? changed.In(status) : changed;
    }

    private static int? NullIfDefault(int most) => most == ConnectorSettings.DefaultMaxInFlight ? null : most;
}

/// <summary>What to change of <see cref="ConnectorCapabilities"/>; each list in place of the whole one.</summary>
/// <param name="Networks"><c>*</c> alone for all.</param>
/// <param name="Amounts">Empty for no limits.</param>
[GenerateSerializer, Immutable, Alias("capability_changes")]
public sealed record CapabilityChanges(
    [property: Id(0)] ImmutableArray<string>? Methods,
    [property: Id(1)] ImmutableArray<string>? Currencies,
    [property: Id(2)] ImmutableArray<string>? Countries,
    [property: Id(3)] ImmutableArray<string>? Networks,
    [property: Id(4)] ImmutableArray<AmountRange>? Amounts)
{
    public ConnectorCapabilities ApplyTo(ConnectorCapabilities capabilities) => new(
        Methods ?? capabilities.Methods,
        Currencies ?? capabilities.Currencies,
        Countries ?? capabilities.Countries,
        Networks is { } networks ? NullIfAll(networks) : capabilities.Networks,
        Amounts is { } amounts ? NullIfNone(amounts) : capabilities.Amounts);

    // What limits nothing is stored as it was before there were such limits.
    private static ImmutableArray<string>? NullIfAll(ImmutableArray<string> networks) => networks is ["*"] ? null : networks;

    private static ImmutableArray<AmountRange>? NullIfNone(ImmutableArray<AmountRange> amounts) => amounts.IsEmpty ? null : amounts;
}

/// <summary>What to change of <see cref="HealthSettings"/>.</summary>
[GenerateSerializer, Immutable, Alias("health_changes")]
public sealed record HealthChanges(
    [property: Id(0)] int? WindowSeconds,
    [property: Id(1)] int? MinCalls,
    [property: Id(2)] double? OpenBelowSuccessRate,
    [property: Id(3)] int? OpenSeconds)
{
    public HealthSettings ApplyTo(HealthSettings health) => new(
        WindowSeconds ?? health.WindowSeconds,
        MinCalls ?? health.MinCalls,
        OpenBelowSuccessRate ?? health.OpenBelowSuccessRate,
        OpenSeconds ?? health.OpenSeconds);
}

/// <summary>What to change of <see cref="InquirySettings"/>.</summary>
[GenerateSerializer, Immutable, Alias("inquiry_changes")]
public sealed record InquiryChanges(
    [property: Id(0)] int? FirstAfterMs,
    [property: Id(1)] int? NotFoundFinalAfterSeconds,
    [property: Id(2)] int? GiveUpAfterSeconds)
{
    public InquirySettings ApplyTo(InquirySettings inquiry) => new(
        FirstAfterMs ?? inquiry.FirstAfterMs,
        NotFoundFinalAfterSeconds ?? inquiry.NotFoundFinalAfterSeconds,
        GiveUpAfterSeconds ?? inquiry.GiveUpAfterSeconds);
}
