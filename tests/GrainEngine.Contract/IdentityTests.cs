using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Keys and references.</summary>
public abstract class IdentityTests(EngineMode mode) : Contract(mode)
{
    [Theory]
    [InlineData("pay_1")]
    [InlineData("PAY_1")]
    [InlineData("a/b+c d%20?#é€")]
    public async Task A_grain_knows_its_string_key(string key)
    {
        var grain = Grains.GetGrain<IStringKeyGrain>(key);
        Assert.Equal(key, await grain.Key());
        Assert.Equal(key, grain.GetPrimaryKeyString());
    }

    [Fact]
    public async Task A_grain_knows_its_guid_key()
    {
        var key = Guid.NewGuid();
        var grain = Grains.GetGrain<IGuidKeyGrain>(key);
        Assert.Equal(key, await grain.Key());
        Assert.Equal(key, grain.GetPrimaryKey());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-17)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_grain_knows_its_integer_key(long key)
    {
        var grain = Grains.GetGrain<IIntegerKeyGrain>(key);
        Assert.Equal(key, await grain.Key());
        Assert.Equal(key, grain.GetPrimaryKeyLong());
    }

    [Fact]
    public async Task A_grain_knows_its_guid_key_with_extension()
    {
        var key = Guid.NewGuid();
        var grain = Grains.GetGrain<IGuidCompoundKeyGrain>(key, "x+y");
        Assert.Equal((key, "x+y"), await grain.Key());
        Assert.Equal((key, "x+y"), (grain.GetPrimaryKey(out var extension), extension));
    }

    [Fact]
    public async Task A_grain_knows_its_integer_key_with_extension()
    {
        var grain = Grains.GetGrain<IIntegerCompoundKeyGrain>(-17, "x+y");
        Assert.Equal((-17, "x+y"), await grain.Key());
        Assert.Equal((-17, "x+y"), (grain.GetPrimaryKeyLong(out var extension), extension));
    }

    [Fact]
    public async Task Different_keys_are_different_grains()
    {
        var ids = await Task.WhenAll(
            Probe("a").ActivationId().AsTask(), Probe("A").ActivationId().AsTask(), Probe("a ").ActivationId().AsTask(), Probe("b").ActivationId().AsTask());
        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task References_to_one_grain_are_equal_and_reach_the_same_activation()
    {
        var self = await Probe("same").Self();
        Assert.Equal(Probe("same"), self);
        Assert.Equal(Probe("same").GetHashCode(), self.GetHashCode());
        Assert.NotEqual(Probe("other"), self);
        Assert.Equal(await Probe("same").ActivationId(), await self.ActivationId());
    }

    [Fact]
    public async Task A_reference_can_be_made_from_a_type_or_an_id()
    {
        var id = await Probe("same").ActivationId();
        Assert.Equal(id, await ((IProbeGrain)Grains.GetGrain(typeof(IProbeGrain), "same")).ActivationId());
        Assert.Equal(id, await Grains.GetGrain<IProbeGrain>(Probe("same").GetGrainId()).ActivationId());
    }

    [Fact]
    public async Task References_travel_as_arguments_and_results()
    {
        var answered = await Probe("here").AddTo(Probe("there"));
        Assert.Equal(Probe("there"), answered);
        Assert.Equal(2, await answered.Add(1));
        Assert.Equal(0, await Probe("here").Peek());
    }

    [Fact]
    public void A_blank_key_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Probe(" "));
        Assert.ThrowsAny<ArgumentException>(() => Probe(null!));
    }

    [Fact]
    public void An_interface_that_no_class_implements_is_refused() =>
        Assert.Throws<ArgumentException>(() => Grains.GetGrain<IUnimplementedGrain>("x"));
}
