using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>What the payer has to do before the payment can go on.</summary>
/// <param name="Url">Where the payer's browser is to go: absolute, http or https. Between grains and in the journal it is encrypted.</param>
[GenerateSerializer, Immutable, Alias("next_action")]
public sealed record NextAction([property: Id(0)] NextActionType Type, [property: Id(1)] string Url);

/// <summary>The kinds of <see cref="NextAction"/>.</summary>
[GenerateSerializer, Alias("next_action_type")]
public enum NextActionType
{
    /// <summary>The payer's browser goes to a page of the provider or issuer and comes back to the return URL.</summary>
    [JsonStringEnumMemberName("redirect")]
    Redirect,
}
