using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansPayments.Connectors;

/// <summary>How a connector is to be used; no secrets.</summary>
/// <param name="Enabled">False takes no new payments: <see cref="Status"/> tells whether it is drained or disabled.</param>
/// <param name="Priority">Lower goes first. 0 to 1 000 000.</param>
/// <param name="TimeoutMs">How long an attempt waits for the provider's answer, in milliseconds: 100 to 20 000.</param>
/// <param name="MerchantId">The only merchant that it serves; null serves all.</param>
/// <param name="MaxInFlight">The most charges that wait for it at once: 1 to 10 000; null for <see cref="DefaultMaxInFlight"/>.</param>
/// <param name="Draining">Not enabled, and not disabled either. Never true of one that is enabled, so that who does not know of it takes it for disabled.</param>
[GenerateSerializer, Immutable, Alias("connector_settings")]
public sealed record ConnectorSettings(
    [property: Id(0)] bool Enabled,
    [property: Id(1)] int Priority,
    [property: Id(2)] int TimeoutMs,
    [property: Id(3)] ConnectorCapabilities Capabilities,
    [property: Id(4)] ImmutableArray<ConnectorFee> Fees,
    [property: Id(5)] HealthSettings Health,
    [property: Id(6)] InquirySettings Inquiry,
    [property: Id(7)] MerchantId? MerchantId,
    [property: Id(8)] int? MaxInFlight = null,
    [property: Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Draining = false)
{
    /// <summary>Half of the payments that a silo lets be in the making by default, so that one connector that hangs leaves room for the others.</summary>
    public const int DefaultMaxInFlight = 1_000;

    [JsonIgnore]
    public ConnectorStatus Status => Enabled ? ConnectorStatus.Enabled : Draining ? ConnectorStatus.Draining : ConnectorStatus.Disabled;

    public ConnectorSettings In(ConnectorStatus status) =>
        this with { Enabled = status == ConnectorStatus.Enabled, Draining = status == ConnectorStatus.Draining };
}

/// <summary>What a connector can take. <c>*</c> stands for all.</summary>
/// <param name="Methods"><c>card</c>, …</param>
/// <param name="Currencies">ISO 4217 codes, or <c>*</c>.</param>
/// <param name="Countries">ISO 3166-1 alpha-2 codes, or <c>*</c>. The payment's country, and where it tells none its merchant's.</param>
/// <param name="Networks">Card networks as in <see cref="Payments.CardSummary.Brand"/>, or <c>*</c>; null for all.</param>
/// <param name="Amounts">At most one range for each currency; null for no limits.</param>
[GenerateSerializer, Immutable, Alias("connector_capabilities")]
public sealed record ConnectorCapabilities(
    [property: Id(0)] ImmutableArray<string> Methods,
    [property: Id(1)] ImmutableArray<string> Currencies,
    [property: Id(2)] ImmutableArray<string> Countries,
    [property: Id(3)] ImmutableArray<string>? Networks = null,
    [property: Id(4)] ImmutableArray<AmountRange>? Amounts = null);

/// <summary>The amounts that a connector takes in a currency, both bounds included.</summary>
/// <param name="Currency">An ISO 4217 code; or <c>*</c>, for every currency without a range of its own.</param>
/// <param name="Min">In the minor units of the payment's currency; null for no bound.</param>
/// <param name="Max">In the same units; null for no bound.</param>
[GenerateSerializer, Immutable, Alias("amount_range")]
public sealed record AmountRange([property: Id(0)] string Currency, [property: Id(1)] long? Min, [property: Id(2)] long? Max);

/// <summary>What the provider takes for a payment.</summary>
/// <param name="Method">A method, or <c>*</c>.</param>
/// <param name="Currency">An ISO 4217 code, or <c>*</c>.</param>
/// <param name="RateBps">Part of the amount in basis points (1/10 000): 0 to 10 000.</param>
/// <param name="Fixed">Added per payment, in the payment currency's minor units; not negative.</param>
/// <param name="Network">A card network as in <see cref="Payments.CardSummary.Brand"/>, or <c>*</c>; null for all.</param>
/// <param name="EffectiveFrom">In force from then on; null from ever.</param>
/// <param name="EffectiveUntil">In force before then; null for ever.</param>
[GenerateSerializer, Immutable, Alias("connector_fee")]
public sealed record ConnectorFee(
    [property: Id(0)] string Method,
    [property: Id(1)] string Currency,
    [property: Id(2)] int RateBps,
    [property: Id(3)] long Fixed,
    [property: Id(4)] string? Network = null,
    [property: Id(5)] DateTimeOffset? EffectiveFrom = null,
    [property: Id(6)] DateTimeOffset? EffectiveUntil = null);

/// <summary>When a connector counts as ill.</summary>
/// <param name="WindowSeconds">The past that counts: 1 to 3 600.</param>
/// <param name="MinCalls">Fewer calls in the window say nothing: 1 to 10 000.</param>
/// <param name="OpenBelowSuccessRate">0 to 1.</param>
/// <param name="OpenSeconds">How long it rests: 1 to 3 600.</param>
[GenerateSerializer, Immutable, Alias("health_settings")]
public sealed record HealthSettings(
    [property: Id(0)] int WindowSeconds,
    [property: Id(1)] int MinCalls,
    [property: Id(2)] double OpenBelowSuccessRate,
    [property: Id(3)] int OpenSeconds)
{
    /// <summary>60 s, 20 calls, 0.5, 30 s.</summary>
    public static HealthSettings Default { get; } = new(60, 20, 0.5, 30);
}

/// <summary>How an unknown outcome is asked after.</summary>
/// <param name="FirstAfterMs">From the loss to the first question: 100 to 60 000 ms; each next one waits twice as long, at most a minute.</param>
/// <param name="NotFoundFinalAfterSeconds">
/// The provider's settling window, 1 to 86 400 s: only so long after the charge can last have been sent does "no such charge" prove that nothing was charged.
/// It counts from the end of the last sending, and after a restart from the moment at which the payment is in memory again.
/// </param>
/// <param name="GiveUpAfterSeconds">After so long without any answer that decides, a person must: 1 to 2 592 000 s (30 days).</param>
[GenerateSerializer, Immutable, Alias("inquiry_settings")]
public sealed record InquirySettings(
    [property: Id(0)] int FirstAfterMs,
    [property: Id(1)] int NotFoundFinalAfterSeconds,
    [property: Id(2)] int GiveUpAfterSeconds = InquirySettings.DefaultGiveUpAfterSeconds)
{
    /// <summary>Three hours.</summary>
    public const int DefaultGiveUpAfterSeconds = 10_800;

    /// <summary>500 ms; 120 s, twice the minute in which Stripe says that its search catches up; three hours.</summary>
    public static InquirySettings Default { get; } = new(500, 120);
}
