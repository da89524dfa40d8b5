using System.Net;

namespace OrleansPayments.Grains.Connectors.Http;

/// <summary>What came of a request to a provider.</summary>
internal abstract record ProviderAnswer
{
    private ProviderAnswer()
    {
    }

    /// <summary>A whole HTTP answer.</summary>
    public sealed record Answered(HttpStatusCode Status, byte[] Body) : ProviderAnswer;

    /// <summary>No connection was made and not a byte of the body was written.</summary>
    public sealed record NotSent(string Reason) : ProviderAnswer;

    /// <summary>It may have arrived and it may have had its effect.</summary>
    public sealed record Lost(string Reason) : ProviderAnswer;
}
