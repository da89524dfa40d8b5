using System.Reflection;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>The grain beside the merchants that it asks, which answer when a test lets them.</summary>
public sealed class RoutingGrainTests
{
    private static readonly RoutingRequest Request = Situation.Request("");

    private readonly Merchants _merchants = Merchants.Create();
    private readonly RoutingGrain _grain;

    public RoutingGrainTests() => _grain = new RoutingGrain(null!, _merchants.Factory, TimeProvider.System);

    [Fact]
    public async Task A_merchant_is_asked_once()
    {
        var first = _grain.Choose(Request);
        Assert.False(first.IsCompleted);
        _merchants.Answer(By("expected_value", 3));
        Assert.Equal("expected_value", (await first).Strategy);
        Assert.Equal("expected_value", (await AtOnce(_grain.Choose(Request))).Strategy);
        Assert.Equal([Request.MerchantId.Value], _merchants.Asked);
    }

    [Fact]
    public async Task What_a_merchant_tells_while_it_is_asked_is_newer_than_its_answer()
    {
        var waiting = _grain.Choose(Request);
        await _grain.Configure(Request.MerchantId, By("weighted_cost", 4));
        _merchants.Answer(By("expected_value", 3));
        Assert.Equal("weighted_cost", (await waiting).Strategy);
        Assert.Equal("weighted_cost", (await AtOnce(_grain.Choose(Request))).Strategy);
    }

    [Fact]
    public async Task An_answer_during_which_anybody_told_of_a_change_is_not_kept()
    {
        var waiting = _grain.Choose(Request);
        await _grain.Configure(MerchantId.Parse("mer_00000000000000000000000001"), By("weighted_cost", 4));
        _merchants.Answer(By("expected_value", 3));
        Assert.Equal("expected_value", (await waiting).Strategy);
        Assert.False(_grain.Choose(Request).IsCompleted);
        Assert.Equal(2, _merchants.Asked.Count);
    }

    [Fact]
    public async Task A_merchant_that_there_is_not_is_routed_by_priority_and_asked_again()
    {
        var waiting = _grain.Choose(Request);
        _merchants.Answer(null);
        Assert.Equal("priority", (await waiting).Strategy);
        Assert.False(_grain.Choose(Request).IsCompleted);
    }

    [Fact]
    public async Task The_decision_is_named_after_the_payment_and_made_among_those_that_came()
    {
        await _grain.Configure(Request.MerchantId, By("priority", 1));
        await _grain.Refresh(Situation.Connector("b:p=1").View);
        await _grain.Refresh(Situation.Connector("a:p=2").View);
        var decision = await AtOnce(_grain.Choose(Request));
        Assert.Equal("dec_" + Request.PaymentId.Value["pay_".Length..], decision.DecisionId);
        Assert.Equal("b a=lower_priority /", Situation.Show(decision));
        Assert.Equal(["a", "b"], (await _grain.ListConnectors()).Connectors.Select(connector => connector.Name.Value));
    }

    // It would wait for ever for a merchant that no test lets answer.
    private static Task<RoutingDecision> AtOnce(Task<RoutingDecision> decision)
    {
        Assert.True(decision.IsCompleted);
        return decision;
    }

    private static MerchantRouting By(string strategy, int version) => new(RoutingConfiguration.Default with { Strategy = strategy }, version, null);

    /// <summary>Hands out one merchant for every name, and takes calls of <see cref="IMerchantGrain.GetRouting"/> only.</summary>
    public class Merchants : DispatchProxy
    {
        private readonly TaskCompletionSource<MerchantRouting?> _answer = new();
        private IMerchantGrain _merchant = null!;

        public List<string> Asked { get; private init; } = [];

        internal IGrainFactory Factory { get; private set; } = null!;

        internal static Merchants Create()
        {
            var factory = Create<IGrainFactory, Merchants>();
            var merchants = (Merchants)(object)factory;
            merchants.Factory = factory;
            merchants._merchant = Create<IMerchantGrain, Merchant>();
            ((Merchant)(object)merchants._merchant).Routing = merchants._answer.Task;
            return merchants;
        }

        internal void Answer(MerchantRouting? routing) => _answer.SetResult(routing);

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IGrainFactory.GetGrain), targetMethod!.Name);
            Asked.Add((string)args![0]!);
            return Asked.Count == 1 ? _merchant : Create<IMerchantGrain, Merchant>();
        }
    }

    /// <summary>Never answers, unless told.</summary>
    public class Merchant : DispatchProxy
    {
        internal Task<MerchantRouting?> Routing { get; set; } = new TaskCompletionSource<MerchantRouting?>().Task;

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IMerchantGrain.GetRouting), targetMethod!.Name);
            return Routing;
        }
    }
}
