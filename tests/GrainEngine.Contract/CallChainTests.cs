using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Calls that come back to a grain which waits for them.</summary>
public abstract class CallChainTests(EngineMode mode) : Contract(mode, new() { CallTimeout = TimeSpan.FromSeconds(2) })
{
    [Theory]
    [InlineData("a")]
    [InlineData("b", "a")]
    [InlineData("b", "c", "a")]
    public async Task A_chain_comes_back_to_a_grain_that_gave_leave(params string[] path)
    {
        Assert.Equal(1, await Eventually.Ends(Chain("a").Follow(path, Leave.Given)));
        Assert.Equal(2, await Eventually.Ends(Chain("a").Follow(path, Leave.Given)));
    }

    [Fact]
    public async Task A_chain_without_leave_ends_in_an_error_and_not_in_a_hang()
    {
        await Eventually.Fails(Chain("a").Follow(["b", "a"], Leave.NotGiven));
        await Eventually.Fails(Chain("c").Follow(["c"], Leave.NotGiven));
    }

    [Fact]
    public async Task A_chain_whose_leave_was_taken_back_ends_in_an_error()
    {
        await Eventually.Fails(Chain("a").Follow(["b", "a"], Leave.GivenAndTakenBack));
        Assert.Equal(1, await Eventually.Ends(Chain("a").Follow(["b", "a"], Leave.Given)));
    }

    [Fact]
    public async Task Leave_ends_with_the_call_that_gave_it()
    {
        Assert.Equal(1, await Eventually.Ends(Chain("a").Follow(["b", "a"], Leave.Given)));
        await Eventually.Fails(Chain("a").Follow(["b", "a"], Leave.NotGiven));
    }

    [Fact]
    public async Task Leave_is_given_to_the_own_chain_only()
    {
        var own = Chain("a").WaitAndVisitSelf("gate");
        await Written("leave given");
        var foreign = Chain("a").Follow([], Leave.NotGiven);
        Assert.Equal(0, await Chain("a").Visits());
        Journal.Open("gate");
        Assert.Equal(1, await Eventually.Ends(own));
        Assert.Equal(2, await Eventually.Ends(foreign));
    }

    private IChainGrain Chain(string key) => Grains.GetGrain<IChainGrain>(key);
}
