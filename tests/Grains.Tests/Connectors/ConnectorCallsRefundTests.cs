using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Grains.Tests.Payments;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>What becomes of a refund that never reached an adapter, or that an adapter failed in.</summary>
public sealed class ConnectorCallsRefundTests
{
    private static readonly RefundRequest Request = new(new(Attempt, "refund", 1), "pi_1", Samples.Usd(99));
    private static readonly RefundInquiry Inquiry = new(Request.Reference, "pi_1", null, Request.Amount);

    private static readonly ConnectorSettings Settings = new(
        true, 1, 10_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default, InquirySettings.Default, null);

    [Theory]
    [InlineData("stripe", "NotSent connector_misconfigured", "Unknown inquiry_not_sent", false)]
    [InlineData("nobody", "NotSent connector_misconfigured", "Unknown inquiry_not_sent", true)]
    [InlineData("stripe", "Unknown adapter_error", "Unknown adapter_error", true)]
    public async Task A_failure_on_our_side_gives_nothing_back_or_nobody_knows(string provider, string refund, string inquiry, bool opens)
    {
        var permit = new ConnectorPermit(Samples.CardA, provider, Settings, SealedCredentials.Seal(new Sealer(opens), Samples.CardA, Access().Credentials));
        var calls = new ConnectorCalls(
            new PaymentProviders([Provider(new RecordingHandler(_ => throw new InvalidOperationException("A mistake of the adapter's.")))]),
            new Sealer(opens), NoFailpoints.Instance, TimeProvider.System, NullLogger<ConnectorCalls>.Instance);

        Assert.Equal(refund, Describe(await calls.Refund(permit, Request)));
        Assert.Equal(inquiry, Describe(await calls.FindRefund(permit, Inquiry)));
    }

    [Fact]
    public async Task A_refund_goes_to_the_adapter_and_its_answer_comes_back()
    {
        var handler = new RecordingHandler(request => request.Method == HttpMethod.Get ? """{"data":[],"has_more":false}""" : "{}");
        var permit = new ConnectorPermit(Samples.CardA, "stripe", Settings, SealedCredentials.Seal(new Sealer(opens: true), Samples.CardA, Access().Credentials));
        var calls = new ConnectorCalls(new PaymentProviders([Provider(handler)]), new Sealer(opens: true), NoFailpoints.Instance, TimeProvider.System, NullLogger<ConnectorCalls>.Instance);

        Assert.Equal("Unknown malformed_answer", Describe(await calls.Refund(permit, Request)));
        Assert.IsType<RefundResult.NotFound>(await calls.FindRefund(permit, Inquiry));
        Assert.Equal(["POST /v1/refunds", "GET /v1/refunds?payment_intent=pi_1&limit=100"], handler.Requests.Select(request => request.Call));
    }

    private sealed class Sealer(bool opens) : ISecretSealer
    {
        public ImmutableArray<byte> Seal(ReadOnlySpan<byte> secret, string context) => [.. secret];

        public byte[] Open(ImmutableArray<byte> sealedSecret, string context) =>
            opens ? [.. sealedSecret] : throw new CryptographicException("Sealed under another key.");
    }
}
